import type { Agent, AgentOutputType } from "@openai/agents";
import { Gate } from "./gate.js";
import { Agents } from "./openai-agents/agent.js";
import type { AgentGateOptions } from "./openai-agents/options.js";

export type { GateOptions } from "./gate.js";
export type { AgentGateOptions } from "./openai-agents/options.js";
export type { Calling } from "./openai-agents/tool.js";

/**
 * The same agent, asking before it acts: each turn of its model and each call of its tools, of local MCP servers and of
 * the agents it hands over to. The given agent is left as it is. Run what comes back, with any `Runner`.
 * @throws InvalidRequest where something of the agent cannot be held: it says what, and what to do
 */
export function gate<C, O extends AgentOutputType>(agent: Agent<C, O>, how: AgentGateOptions = {}): Agent<C, O> {
  return new Agents(new Gate(how), how).gated(agent as unknown as Agent) as unknown as Agent<C, O>;
}
