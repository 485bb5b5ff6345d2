import { Agent, RunState, run as runAgent } from "@openai/agents";
import { gate } from "../../src/adapters/openai-agents";
import { cases } from "./cases";
import { Scripted, tampered, toolsOf } from "./openai-agents";

await cases({
  framework: "OpenAI Agents SDK",
  agent: ({ turns, tools, gate: options, asked }) => {
    const model = new Scripted(turns, asked);
    const make = () =>
      gate(new Agent({ name: "Agent", instructions: "Do it.", model, tools: toolsOf(tools) }), options);
    let stored = "";
    return {
      begin: async () => {
        const result = await runAgent(make(), "Create tickets.");
        stored = result.state.toString();
        return model.told;
      },
      resume: async (how = {}) => {
        const agent = make();
        const state = await RunState.fromString(agent, how.tampered ? tampered(stored, how.tampered) : stored);
        for (const item of state.getInterruptions()) state.approve(item);
        await runAgent(agent, state);
        return model.told;
      },
    };
  },
});
