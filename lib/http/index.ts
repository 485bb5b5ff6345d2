export { createApp, type Parts } from "./app";
export { hearEvent } from "./events";
export type { Ingest } from "./ingest";
export { closeRevoked } from "./keys-open";
