import { gateTransport } from "../../src/mcp/index";
import { cases } from "./cases";
import { joined, loop, serverOf } from "./mcp-loop";

await cases({
  framework: "MCP transport",
  // With "native" a client that has no elicitation waits; what is pending is kept with "return".
  agent: (setup) =>
    loop(
      (s, how) => joined(serverOf(s), (t) => gateTransport(t, { ...how, approval: how.approval && "return" })),
      setup,
    ),
});
