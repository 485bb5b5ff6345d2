import { tool } from "@interlock/agent";

// An agent that checks nothing: what the harness is there to find.
export const agentId = "chaos-agent";
export const tasks = [
  {
    task: "malformed_output",
    inject: [{ fault: "malformed_output", tool: "kb_search" }],
    expect: { stopReason: "tool_output_invalid" },
  },
];
const search = tool({ name: "kb_search", effect: "read", execute: () => ({ title: "Login" }) });

export const agent = (interlock, { requestId }) =>
  interlock.run({ requestId }, async (run) => {
    await run.tool(search, { query: "login" });
    return "done";
  });
