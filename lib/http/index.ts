export { createApp, type Parts } from "./app";
export { hearEvent } from "./events";
export { hotPoll } from "./hot-poll";
export { address } from "./identify";
export type { Ingest } from "./ingest";
export { closeRevoked } from "./keys-open";
