import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { InMemoryStore } from "@mastra/core/storage";
import { createTool } from "@mastra/core/tools";
import { z } from "zod";
import { gate, type MastraGateOptions } from "../../src/adapters/mastra";
import { type Any, scripted } from "./ai-sdk";
import type { Agent as Driven, Setup } from "./cases";

export const toolsOf = (tools: Setup["tools"]): Record<string, Any> =>
  Object.fromEntries(
    Object.entries(tools).map(([id, run]) => [
      id,
      createTool({ id, description: id, inputSchema: z.looseObject({}), execute: async (args: Any) => run(args) }),
    ]),
  );

/** An agent whose store holds this text: what another process had written. */
export async function agentOf(config: Any, how: MastraGateOptions, stored?: string) {
  const storage = new InMemoryStore();
  const workflows = (await storage.getStore("workflows")) as Any;
  for (const one of stored ? (JSON.parse(stored) as Any[]) : [])
    await workflows.persistWorkflowSnapshot({
      workflowName: one.workflowName,
      runId: one.runId,
      snapshot: one.snapshot,
    });
  const agent = new Agent(gate({ id: "a", name: "a", instructions: "do it", ...config }, how));
  new Mastra({ agents: { a: agent }, storage, logger: false });
  const kept = async (): Promise<string> => JSON.stringify((await workflows.listWorkflowRuns()).runs);
  return { agent: agent as Any, kept };
}

/** One agent of the cases. Everything is made anew for a resume, and what is kept between is text. */
export function driven({ turns, tools, gate: how, asked }: Setup, streams: boolean): Driven {
  const script = scripted({ version: "v3", turns, asked });
  let kept = "";
  let waiting: { runId: string; toolCallId: string } | undefined;
  const made = () => agentOf({ model: script.model, tools: toolsOf(tools) }, how, kept || undefined);
  const over = async (of: Awaited<ReturnType<typeof made>>, result: Any): Promise<string> => {
    if (result.error) throw result.error;
    if (result.finishReason === "suspended")
      waiting = {
        runId: result.runId,
        toolCallId: result.suspendPayload.toolCallId ?? result.suspendPayload.requireToolApproval?.toolCallId,
      };
    kept = await of.kept();
    return script.told.join("\n");
  };
  const options = { maxSteps: 20 };
  return {
    begin: async () => {
      const of = await made();
      if (!streams) return over(of, await of.agent.generate("go", options));
      const stream = await of.agent.stream("go", options);
      return over(of, await stream.getFullOutput());
    },
    resume: async ({ tampered } = {}) => {
      if (tampered) kept = kept.replaceAll(/"title":"ticket 1"/g, `"title":${JSON.stringify(tampered.title)}`);
      const of = await made();
      if (!streams) return over(of, await of.agent.approveToolCallGenerate({ ...waiting, ...options }));
      const stream = await of.agent.approveToolCall({ ...waiting, ...options });
      return over(of, await stream.getFullOutput());
    },
  };
}
