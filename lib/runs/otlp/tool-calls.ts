import { isNamelessTool } from "./conventions/openllmetry";
import { canonicalJson } from "./fingerprint";
import { unflatten } from "./reader";
import { fromJson, isRecord } from "./text";
import type { Node } from "./trace";

/** A call as a model asked for it. */
type Call = { id: string | null; name: string; args: string; start: bigint; order: number; taken: boolean };
type Asked = { id: unknown; name: string; args: unknown };

const SOURCES = [
  "gen_ai.output.messages",
  "ai.response.toolCalls",
  "output.value",
  "traceloop.entity.output",
  "langfuse.observation.output",
  "gen_ai.completion",
];
const FLAT = ["llm.output_messages", "gen_ai.completion"];
const MAX_NODES = 4_000;
/** Pairing compares every waiting tool with every call, so both are bounded per trace. */
const MAX_PAIRED = 2_000;

/** The shapes in which frameworks write a tool call down. */
function asked(value: Record<string, unknown>): Asked | null {
  const { name, toolName, function: fn } = value;
  if (isRecord(fn) && typeof fn.name === "string") return { id: value.id, name: fn.name, args: fn.arguments };
  if (typeof toolName === "string" && ("input" in value || "args" in value)) {
    return { id: value.toolCallId, name: toolName, args: value.input ?? value.args };
  }
  const typed = /^(tool_call|function_call|tool_use|tool-call)$/.test(String(value.type ?? ""));
  if (typeof name !== "string" || !("args" in value || "arguments" in value || (typed && "input" in value)))
    return null;
  if (!typed && !("id" in value) && !("call_id" in value)) return null;
  return { id: value.call_id ?? value.callId ?? value.id, name, args: value.args ?? value.arguments ?? value.input };
}

function harvest(value: unknown, found: Asked[], budget: { nodes: number }, depth = 0): void {
  budget.nodes -= 1;
  if (depth > 16 || budget.nodes < 0) return;
  if (Array.isArray(value)) for (const item of value) harvest(item, found, budget, depth + 1);
  if (!isRecord(value)) return;
  const call = asked(value);
  if (call !== null) found.push(call);
  else for (const item of Object.values(value)) harvest(fromJson(item), found, budget, depth + 1);
}

function callsOf(node: Node): Call[] {
  const found: Asked[] = [];
  const budget = { nodes: MAX_NODES };
  for (const key of SOURCES) harvest(fromJson(node.reader.peek(key)), found, budget);
  for (const prefix of FLAT) harvest(unflatten(node.span.attributes, prefix), found, budget);
  return found.map((call, order) => ({
    id: typeof call.id === "string" && call.id !== "" ? call.id : null,
    name: call.name,
    args: canonicalJson(fromJson(call.args)),
    start: node.start,
    order,
    taken: false,
  }));
}

/** LangChain hands a tool with one parameter that parameter's value alone. */
function sameArgs(call: Call, args: unknown, text: string): boolean {
  if (call.args === text) return true;
  if (typeof args !== "string") return false;
  const whole = fromJson(call.args);
  const values = isRecord(whole) ? Object.values(whole) : [];
  return values.length === 1 && String(values[0]) === args;
}

function choose(node: Node, calls: Call[], usedIds: Set<string>): Call | null {
  const { tool, args } = node.facts;
  const nameless = isNamelessTool(tool ?? null);
  const text = canonicalJson(args);
  const open = calls.filter((call) => !call.taken && call.start <= node.start && (nameless || call.name === tool));
  const exact = args === undefined ? open : open.filter((call) => sameArgs(call, args, text));
  const rank = (call: Call): number => (call.id !== null && usedIds.has(call.id) ? 1 : 0);
  const best = exact.toSorted(
    (a, b) => rank(a) - rank(b) || (a.start > b.start ? -1 : a.start < b.start ? 1 : a.order - b.order),
  );
  return best[0] ?? (!nameless && open.length === 1 ? (open[0] ?? null) : null);
}

function needsLink(node: Node): boolean {
  const { kind, toolCallId, tool } = node.facts;
  return kind === "tool" && ((toolCallId ?? "") === "" || isNamelessTool(tool ?? null));
}

/** Gives tool spans the call id, and where it was lost the name, of the call that a model of their trace asked for. */
export function linkToolCalls(nodes: Node[]): void {
  const traces = new Map<string, Node[]>();
  for (const node of nodes) {
    const trace = traces.get(node.span.traceId);
    if (trace === undefined) traces.set(node.span.traceId, [node]);
    else trace.push(node);
  }
  for (const trace of traces.values()) {
    const waiting = trace
      .filter(needsLink)
      .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
      .slice(0, MAX_PAIRED);
    if (waiting.length === 0) continue;
    const usedIds = new Set(trace.map((node) => node.facts.toolCallId ?? "").filter((id) => id !== ""));
    const fromModels = trace
      .filter((node) => node.facts.kind === "model")
      .flatMap(callsOf)
      .slice(0, MAX_PAIRED);
    let fromSteps: Call[] | null = null;
    for (const node of waiting) {
      let call = choose(node, fromModels, usedIds);
      if (call === null && isNamelessTool(node.facts.tool ?? null)) {
        fromSteps ??= trace
          .filter((other) => other.facts.kind === "step" || other.facts.kind === "other")
          .flatMap(callsOf)
          .slice(0, MAX_PAIRED);
        call = choose(node, fromSteps, usedIds);
      }
      if (call === null) continue;
      call.taken = true;
      node.facts.toolCallId ??= call.id;
      if (isNamelessTool(node.facts.tool ?? null)) node.facts.tool = call.name;
      if (call.id !== null) usedIds.add(call.id);
    }
  }
}
