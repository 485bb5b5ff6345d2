import { gateServer } from "../../src/mcp/index";
import { cases } from "./cases";
import { joined, loop, serverOf } from "./mcp-loop";

await cases({
  framework: "MCP server",
  // With "native" a client that has no elicitation waits; what is pending is kept with "return".
  agent: (setup) =>
    loop((s, how) => joined(gateServer(serverOf(s), { ...how, approval: how.approval && "return" })), setup),
});
