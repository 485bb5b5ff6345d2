export { gate } from "./client.js";
export { gateServer } from "./server.js";
export type { McpOptions } from "./tools.js";
export { gateTransport } from "./transport.js";
