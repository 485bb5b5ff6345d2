import { type Agent, type FunctionTool, getClientToolSearchExecutor, type Handoff, type Tool } from "@openai/agents";
import { InvalidRequest, type Run } from "../../index.js";
import { Gate, refusal } from "../gate.js";
import { asking, GatedServer } from "./mcp.js";
import { GatedModel } from "./model.js";
import type { AgentGateOptions } from "./options.js";
import { sourceOf } from "./source.js";
import { altered, approvalOf, argsOf, calling, gatedTool } from "./tool.js";

const EVENTS = ["agent_start", "agent_end", "agent_handoff", "agent_tool_start", "agent_tool_end"] as const;

/** Agents that came out of here, and tools that ask. */
const done = new WeakSet<object>();
const refused = (what: string, then: string): InvalidRequest =>
  new InvalidRequest(`${what} cannot be held: ${then}`, 0);

/** All agents that can be reached from one: each is cloned once, also where they hand over in a circle. */
export class Agents {
  readonly #clones = new Map<Agent, Agent>();
  constructor(
    readonly gate: Gate,
    readonly how: AgentGateOptions,
  ) {}

  gated(agent: Agent): Agent {
    const known = done.has(agent) ? agent : this.#clones.get(agent);
    if (known) return known;
    const what = `The agent ${agent.name}`;
    if ("defaultManifest" in agent && "capabilities" in agent)
      throw refused(what, "the SDK itself runs what a sandbox agent does.");
    if (agent.prompt !== undefined && !agent.model)
      throw refused(what, "its prompt template chooses the model. Say `model`.");
    const { gate, how } = this;
    if (gate.options.approval === "native" && agent.mcpServers.length > 0 && agent.mcpConfig.includeServerInToolNames)
      throw refused(what, "native approval does not know MCP tools by `includeServerInToolNames`. Leave one of them.");
    // Public in the SDK's code, left out of its types.
    const { hasExplicitModelSettings } = agent as unknown as { hasExplicitModelSettings: () => boolean };
    const source = sourceOf(agent.model, { ...how, explicitSettings: hasExplicitModelSettings.call(agent) });
    const servers = agent.mcpServers.map((server) => new GatedServer(gate, server));
    const clone = agent.clone({
      model: new GatedModel(gate, source),
      tools: agent.tools.map((tool) => this.#tool(tool)),
      mcpServers: servers.map(({ server }) => server),
      handoffs: [],
    });
    this.#clones.set(agent, clone);
    done.add(clone);
    clone.handoffs = agent.handoffs.map((to) => ("onInvokeHandoff" in to ? this.#handoff(to) : this.gated(to)));
    for (const event of EVENTS) clone.on(event, (...args) => void (agent.emit as Emit).call(agent, event, ...args));
    this.#guard(agent, clone, servers);
    return clone;
  }

  /** What the SDK takes from the clone while it runs, and what is made of it. */
  #guard(agent: Agent, clone: Agent, servers: GatedServer[]): void {
    const { getMcpTools, getAllTools, getEnabledHandoffs, asTool } = clone;
    clone.getMcpTools = async (...args) => {
      const tools = (await getMcpTools.apply(clone, args)) as FunctionTool[];
      for (const tool of tools) done.add(tool);
      return asking(tools, servers, this.gate);
    };
    clone.getAllTools = async (...args) => {
      const tools = await getAllTools.apply(clone, args);
      const stranger = tools.find((tool) => !done.has(tool));
      if (stranger) throw refused(`The tool ${stranger.name}`, "it was added after the agent was gated.");
      return tools;
    };
    clone.getEnabledHandoffs = async (...args) => {
      const handoffs = await getEnabledHandoffs.apply(clone, args);
      const stranger = handoffs.find((to) => !done.has(to.agent));
      if (stranger) throw refused(`The agent ${stranger.agentName}`, "it was added after this one was gated.");
      if (!(clone.model instanceof GatedModel)) throw refused("The model", "it was set after the agent was gated.");
      return handoffs;
    };
    clone.asTool = ((options: Parameters<typeof asTool>[0]) =>
      this.#agentTool(asTool.call(clone, options) as unknown as FunctionTool)) as typeof asTool;
    clone.clone = ((config: Parameters<typeof agent.clone>[0]) =>
      new Agents(this.gate, this.how).gated(agent.clone(config) as Agent)) as typeof agent.clone;
  }

  #handoff(handoff: Handoff): Handoff {
    return handoff.clone({
      agent: this.gated(handoff.agent),
      onInvokeHandoff: async (context, args) => this.gated(await handoff.onInvokeHandoff(context, args)),
    });
  }

  #tool(tool: Tool): Tool {
    if (done.has(tool)) return tool;
    const what = `The tool ${tool.name}`;
    if (tool.type === "function") {
      // An agent as a tool runs that agent by itself, out of reach from here.
      if ("on" in tool) throw refused(what, "it is an agent. Make it with `gate(agent).asTool(…)`.");
      return known(gatedTool(tool as FunctionTool, this.gate));
    }
    if (tool.type === "hosted_tool" && getClientToolSearchExecutor(tool))
      throw refused(what, "it brings tools while the agent runs. Give the agent its tools.");
    if (this.how.ungated?.includes(tool.name)) return known(altered(tool, {}));
    throw refused(what, `it is run by the provider or the SDK. Leave it, or say \`ungated: ["${tool.name}"]\`.`);
  }

  /** Calling an agent is asked for as a read; what it does, it asks for itself, also when it is resumed. */
  #agentTool(tool: FunctionTool): FunctionTool {
    const { invoke } = tool;
    const { options } = this.gate;
    const gate = new Gate({
      ...options,
      tools: { ...options.tools, [tool.name]: { effect: "read", ...options.tools?.[tool.name] } },
    });
    const asked: FunctionTool["invoke"] = async (context, input, details) => {
      if (details?.resumeState === undefined) {
        const outcome = await calling(gate, tool.name, argsOf(input), details?.signal, () => "called");
        if (!outcome.ok) return refusal(outcome.error);
      }
      alive(gate.run);
      return invoke(context, input, details);
    };
    // In place: the SDK finds the agent behind the tool by the tool's identity.
    return known(Object.assign(tool, { invoke: asked, ...approvalOf(tool, gate) }));
  }
}

type Emit = (event: string, ...args: unknown[]) => boolean;
const alive = (run: Run): void => run.throwIfOver();
const known = <T extends object>(tool: T): T => {
  done.add(tool);
  return tool;
};
