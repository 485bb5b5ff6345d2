import { LRUCache } from "lru-cache";
import type { Sql } from "../platform/db/pool";
import type { RuleScope } from "./schema";
import * as around from "./store/around";
import type { Touched } from "./store/touches";
import * as store from "./store/trace";
import { bySequence, type Step, type Trace } from "./trace/step";

/** Steps of runs that are being written, so that each arrival costs what arrived. Another process knows nothing of it. */
const MAX_KEPT = 100_000;
const kept = new LRUCache<string, Map<string, Step>>({ maxSize: MAX_KEPT, sizeCalculation: (steps) => steps.size + 1 });
/** Tools that an agent is known to use: each is asked about once. */
const knownTools = new LRUCache<string, true>({ max: 50_000 });
export const forget = (): void => {
  kept.clear();
  knownTools.clear();
};

const keyOf = (k: store.Key): string => `${k.environment_id} ${k.run_id}`;
const identity = (s: Step): string => `${s.spanId} ${s.at}`;

/** All steps of each run: what is kept and what came since, or the whole where nothing is kept. */
async function stepsOf(
  tx: Sql,
  touched: readonly Touched[],
  spanCounts: Map<string, number>,
): Promise<Map<string, Step[]>> {
  const apart: (Touched & { first_at: Date; last_at: Date })[] = [];
  const whole: Touched[] = [];
  for (const t of touched) {
    const has = kept.has(keyOf(t));
    if (t.spans === 0 && has) continue;
    // A run that is seen for the first time, and came at once, is all in what arrived.
    const complete = t.spans >= (spanCounts.get(keyOf(t)) ?? 0);
    if (t.first_at && t.last_at && (has || complete)) apart.push({ ...t, first_at: t.first_at, last_at: t.last_at });
    else whole.push(t);
  }
  const fresh = apart.length > 0 ? await store.newSteps(tx, apart) : new Map<string, Step[]>();
  for (const t of whole) {
    const steps = (spanCounts.get(keyOf(t)) ?? 0) > 0 ? await store.allSteps(tx, t) : [];
    kept.set(keyOf(t), new Map(steps.map((s) => [identity(s), s])));
  }
  for (const t of apart) {
    const steps = kept.get(keyOf(t)) ?? new Map<string, Step>();
    for (const s of fresh.get(keyOf(t)) ?? []) steps.set(identity(s), s);
    kept.set(keyOf(t), steps);
  }
  return new Map(touched.map((t) => [keyOf(t), [...(kept.get(keyOf(t))?.values() ?? [])].sort(bySequence)]));
}

/** Runs that wait for each other in a circle, from this one on. */
export function cycleFrom(runId: string, waits: ReadonlyMap<string, string>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = runId; at !== undefined && path.length < 64; at = waits.get(at)) {
    if (at === runId && path.length > 0) return [...path, runId];
    if (path.includes(at)) return [];
    path.push(at);
  }
  return [];
}

async function freshOf(tx: Sql, run: store.RunRow, tools: readonly string[]): Promise<string[]> {
  const unknown = tools.filter((t) => !knownTools.has(`${run.environment_id} ${run.agent_id} ${t}`));
  const fresh = await around.freshTools(tx, run, run.agent_id, unknown);
  for (const t of unknown) knownTools.set(`${run.environment_id} ${run.agent_id} ${t}`, true);
  return fresh;
}

export type Loaded = { environmentId: string; version: string | null; trace: Trace };

/** Runs with their steps, and all that stands around them. `fresh` tells which tools a run was the first to use. */
async function assemble(
  tx: Sql,
  runs: readonly store.RunRow[],
  steps: ReadonlyMap<string, Step[]>,
  fresh: (run: store.RunRow, tools: readonly string[]) => Promise<string[]>,
): Promise<Loaded[]> {
  const gated = runs.filter((r) => r.source === "api");
  const decisions = await store.decisionsOf(tx, gated);
  const effects = await store.effectsOf(tx, gated);
  const scores = await store.scoresOf(tx, runs);
  const checkpoints = await store.checkpointsOf(tx, gated);
  const children = gated.length > 0 ? await around.childrenOf(tx, gated) : new Map<string, number>();
  const waits = new Map<string, Map<string, string>>();
  for (const r of gated)
    if (r.waiting_on && !waits.has(r.environment_id))
      waits.set(r.environment_id, await around.waitsFor(tx, r.environment_id));

  const loaded: Loaded[] = [];
  for (const r of runs) {
    const key = keyOf(r);
    const own = steps.get(key) ?? [];
    const tools = [...new Set(own.flatMap((s) => (s.kind === "tool" && s.tool ? [s.tool] : [])))];
    const live = r.ended_at === null;
    const cycle = r.waiting_on ? cycleFrom(r.run_id, waits.get(r.environment_id) ?? new Map()) : [];
    loaded.push({
      environmentId: r.environment_id,
      version: r.agent_version,
      trace: {
        runId: r.run_id,
        agentId: r.agent_id,
        taskType: r.task_type,
        tenantId: r.tenant_id,
        status: r.status,
        stopReason: r.stop_reason,
        source: r.source,
        scope: r.scope,
        startedAt: r.started_at.getTime(),
        endedAt: r.ended_at?.getTime() ?? null,
        stepCount: r.step,
        toolCalls: r.tool_calls,
        tokens: r.tokens,
        costUsd: r.cost_usd,
        steps: own,
        decisions: decisions.get(key) ?? [],
        effects: effects.get(key) ?? [],
        scores: scores.get(key) ?? [],
        checkpoints: checkpoints.get(key) ?? [],
        children: r.source === "api" ? (children.get(key) ?? 0) : null,
        waiting: live && r.waiting_on ? { since: Date.parse(r.waiting_on.since), cycle } : null,
        lockHeldSince: live ? (r.lock_since?.getTime() ?? null) : null,
        twins: r.source === "api" ? await around.twinsOf(tx, r) : [],
        freshTools: await fresh(r, tools),
        resumeRatio: await around.resumeRatio(tx, r),
      },
    });
  }
  return loaded;
}

/** The runs that were touched, as detectors see them. */
export async function loadTraces(tx: Sql, touched: readonly Touched[]): Promise<Loaded[]> {
  const runs = await store.runsOf(tx, touched);
  const counts = new Map(runs.map((r) => [keyOf(r), r.span_count]));
  const steps = await stepsOf(
    tx,
    touched.filter((t) => counts.has(keyOf(t))),
    counts,
  );
  return assemble(tx, runs, steps, (run, tools) => freshOf(tx, run, tools));
}

const AT_ONCE = 100;
/** Runs of the past, the newest first and at most so many; `more`: there were more. Reads a hundred at a time. */
export async function* pastRuns(
  tx: Sql,
  environmentId: string,
  fromMs: number,
  toMs: number,
  scope: RuleScope,
  max: number,
): AsyncGenerator<{ trace: Trace; more: boolean }> {
  const list = await store.pastKeys(tx, environmentId, fromMs, toMs, scope, max + 1);
  const more = list.length > max;
  for (let n = 0; n < Math.min(list.length, max); n += AT_ONCE) {
    const part = list.slice(n, Math.min(n + AT_ONCE, max));
    const runs = await store.runsOf(tx, part);
    const steps = await store.allStepsOf(tx, part);
    for (const own of steps.values()) own.sort(bySequence);
    const order = new Map(part.map((k, at) => [keyOf(k), at]));
    runs.sort((a, b) => (order.get(keyOf(a)) ?? 0) - (order.get(keyOf(b)) ?? 0));
    for (const { trace } of await assemble(tx, runs, steps, (run) => around.firstUses(tx, run, run.agent_id)))
      yield { trace, more };
  }
}
