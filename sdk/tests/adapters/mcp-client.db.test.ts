import { gate } from "../../src/mcp/index";
import { cases } from "./cases";
import { joined, loop, serverOf } from "./mcp-loop";

await cases({
  framework: "MCP client",
  agent: (setup) => loop(async (s, how) => gate(await joined(serverOf(s)), how), setup),
});
