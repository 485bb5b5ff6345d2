import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { currentRun, InvalidRequest } from "../index.js";
import type { McpOptions } from "./tools.js";
import { guardTransport } from "./transport.js";

/**
 * The same server with the gate before it: every tool, however and whenever it is registered, is called through the run that
 * is under way where it is connected. One session, one run. Call it before `connect`.
 * @throws InvalidRequest where it is connected already; `connect` throws it outside of a run
 */
export function gateServer<S extends McpServer | Server>(server: S, how: McpOptions = {}): S {
  // An McpServer connects through the Server in it: that one is the only door.
  const door: Server = "server" in server ? server.server : server;
  if (door.transport !== undefined)
    throw new InvalidRequest("This server is connected already: gate it before `connect`.", 0);
  const connect = door.connect.bind(door);
  door.connect = async (transport: Transport) => connect(guardTransport(transport, how, how.run ?? currentRun()));
  return server;
}
