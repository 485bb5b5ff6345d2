import { failed, softFailed } from "../trace/classify";
import type { Trace } from "../trace/step";
import { namedWrite, writes } from "../trace/writes";
import { type Point, point } from "./point";
import { calls } from "./repetition";

const at = (time: number, note: string, key = "", value = 1): Point => ({ at: time, value, key, spanId: null, note });

/** Calls that decisions let pass, or answered from the ledger: each explains one span of that tool with those arguments. */
function explained(trace: Trace): Map<string, number> {
  const calls = new Map<string, number>();
  for (const d of trace.decisions) {
    if (d.outcome !== "allow" && d.outcome !== "replay") continue;
    const key = `${d.tool}\u0000${d.argsHash}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
  }
  return calls;
}

/**
 * The same write after it had succeeded. By its name, or because its decision says that it is one. What went through the gate
 * has the ledger's word: a second span of it is an answer from there, unless nobody was asked for it.
 */
export function duplicateEffects(trace: Trace): Point[] {
  const written = new Set(trace.decisions.flatMap((d) => (d.tool && d.effect && d.effect !== "read" ? [d.tool] : [])));
  const gated = explained(trace);
  const done = new Set<string>();
  return calls(trace).flatMap((step) => {
    const write = namedWrite(step) || (step.tool !== null && written.has(step.tool) && writes(step));
    if (!write || failed(step) || softFailed(step)) return [];
    const exact = `${step.tool}\u0000${step.argsHash}`;
    const asked = gated.get(exact) ?? 0;
    if (asked > 0) gated.set(exact, asked - 1);
    const key = `${step.tool}\u0000${step.fingerprint ?? step.args ?? ""}`;
    if (done.has(key) && asked === 0)
      return [point(step, `${step.tool} again, with the same arguments, after it had succeeded`)];
    done.add(key);
    return [];
  });
}

export const deniedCalls = (trace: Trace): Point[] =>
  trace.decisions.filter((d) => d.outcome === "deny").map((d) => at(d.at, `${d.tool ?? d.kind}: ${d.code}`));
/** By the decision the span names; else by tool and exact arguments, where no other decision let them pass. */
export const executedDespiteDeny = (trace: Trace): Point[] => {
  const callOf = (tool: string | null, hash: string | null) => (tool && hash ? `${tool}\u0000${hash}` : null);
  const denied = new Map<string, number>();
  const passed = new Set<string | null>();
  for (const d of trace.decisions) {
    const call = callOf(d.tool, d.argsHash);
    if (d.outcome !== "deny") passed.add(call);
    else
      for (const key of [d.decisionId, call]) if (key !== null) denied.set(key, Math.max(d.at, denied.get(key) ?? 0));
  }
  return trace.steps.flatMap((step) => {
    if (step.kind !== "tool" || step.status === "error") return [];
    const call = callOf(step.tool, step.argsHash);
    const at = denied.get(step.decisionId ?? "") ?? (call !== null && !passed.has(call) ? denied.get(call) : undefined);
    return at === undefined || step.endAt < at ? [] : [point(step, `${step.tool} ran, though it had been denied`)];
  });
};
/** Outside of what the run was opened for: refused for it, or made by a call whose capability it lacks. */
const WIDENS = new Set(["out_of_scope", "out_of_goal", "capability_not_allowed"]);
export const outOfScopeIntents = (trace: Trace): Point[] =>
  trace.decisions
    .filter(
      (d) =>
        WIDENS.has(d.code) || (trace.scope.length > 0 && d.capability !== null && !trace.scope.includes(d.capability)),
    )
    .map((d) => at(d.at, `${d.tool ?? d.kind} asks for ${d.capability ?? "what the run was not opened for"}`));
export const newCapabilities = (trace: Trace): Point[] => {
  const fresh = new Set(trace.freshTools);
  const seen = new Set<string>();
  return calls(trace).flatMap((step) => {
    if (step.tool === null || !fresh.has(step.tool) || seen.has(step.tool) || !writes(step)) return [];
    seen.add(step.tool);
    return [point(step, `${step.tool}: never used by this agent before`)];
  });
};

const MEMORY =
  /memor|remember|retain|vector[._-]?(?:store|upsert)|embed.*(?:store|upsert)|knowledge.*(?:add|write|upsert)/i;
const READS = /get|read|search|query|recall|retrieve|list|load|fetch/i;
const memory = (trace: Trace) =>
  calls(trace).filter((s) => s.tool !== null && MEMORY.test(s.tool) && !READS.test(s.tool) && !failed(s));
export const memoryWrites = (trace: Trace): Point[] => {
  const decided = trace.decisions.filter((d) => d.kind === "memory" && d.outcome === "allow");
  if (decided.length > 0) return decided.map((d) => at(d.at, "a write to memory"));
  return memory(trace).map((s) => point(s, String(s.tool)));
};
export const memoryRepeats = (trace: Trace): Point[] => {
  const seen = new Set<string>();
  const again = (key: string | null): boolean => {
    if (key === null) return false;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  };
  const decided = trace.decisions.filter((d) => d.kind === "memory" && d.outcome === "allow");
  if (decided.length > 0)
    return decided.filter((d) => again(d.argsHash)).map((d) => at(d.at, "what was written before"));
  return memory(trace)
    .filter((s) => again(s.fingerprint))
    .map((s) => point(s, "what was written before"));
};
export const memoryBytes = (trace: Trace): Point[] =>
  trace.decisions.flatMap((d) =>
    d.kind === "memory" && d.outcome === "allow" && d.bytes ? [at(d.at, `${d.bytes} bytes`, "", d.bytes)] : [],
  );
