import type { SpanKind } from "../../span";
import type { Convention, TokenFacts } from "../facts";
import { amount, type SpanReader } from "../reader";
import { isRecord } from "../text";

const KINDS: Record<string, SpanKind> = {
  generation: "model",
  span: "step",
  event: "other",
  agent: "agent",
  tool: "tool",
  chain: "step",
  retriever: "retriever",
  embedding: "retriever",
  evaluator: "evaluator",
  guardrail: "evaluator",
};

function pick(record: Record<string, unknown>, ...keys: string[]): number | null {
  for (const key of keys) {
    const found = amount(record[key]);
    if (found !== null) return found;
  }
  return null;
}

/** Langfuse counts by kind of token, apart from each other; the total tells whether the cache is in the input. */
function tokens(reader: SpanReader): TokenFacts {
  const usage = reader.json("langfuse.observation.usage_details", "langfuse.observation.usage");
  if (!isRecord(usage)) return {};
  const deep = (key: string): Record<string, unknown> => {
    const inner = usage[key];
    return isRecord(inner) ? inner : {};
  };
  const details = { ...deep("prompt_tokens_details"), ...deep("input_tokens_details") };
  const more = { ...deep("completion_tokens_details"), ...deep("output_tokens_details") };
  return {
    input: pick(usage, "input", "input_tokens", "prompt_tokens", "promptTokens"),
    output: pick(usage, "output", "output_tokens", "completion_tokens", "completionTokens"),
    total: pick(usage, "total", "total_tokens", "totalTokens"),
    cached:
      pick(usage, "input_cached_tokens", "cache_read_input_tokens", "input_cache_read") ??
      pick(details, "cached_tokens"),
    cacheWrite: pick(usage, "cache_creation_input_tokens", "input_cache_creation", "input_cache_write"),
    reasoning: pick(usage, "output_reasoning_tokens", "output_reasoning") ?? pick(more, "reasoning_tokens"),
  };
}

/** Langfuse's SDKs over OpenTelemetry. */
export const langfuse: Convention = {
  name: "langfuse",
  applies: (reader) => reader.hasPrefix("langfuse."),
  read: (reader) => {
    const kind = KINDS[(reader.text("langfuse.observation.type") ?? "").toLowerCase()] ?? null;
    const level = reader.text("langfuse.observation.level")?.toUpperCase();
    const message = reader.text("langfuse.observation.status_message");
    const cost = reader.json("langfuse.observation.cost_details");
    const wanted = kind !== null && kind !== "step" && kind !== "other";
    return {
      kind,
      agent: kind === "agent" ? reader.span.name : null,
      weakAgent: reader.text("langfuse.trace.name"),
      agentVersion: reader.text("langfuse.version"),
      conversation: reader.text("langfuse.session.id", "session.id"),
      model: reader.text("langfuse.observation.model.name", "langfuse.observation.model"),
      tokens: tokens(reader),
      costUsd: isRecord(cost) ? pick(cost, "total", "totalCost") : null,
      tool: kind === "tool" ? reader.span.name : null,
      args: kind === "tool" ? reader.json("langfuse.observation.input") : undefined,
      result: wanted ? reader.json("langfuse.observation.output") : undefined,
      error: level === "ERROR" ? { type: null, message } : null,
    };
  },
};
