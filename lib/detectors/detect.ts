import { LRUCache } from "lru-cache";
import { actOnAlerts, type Finding, raise } from "../alerts";
import { announce } from "../platform/announce";
import type { Sql } from "../platform/db/pool";
import { inTransaction } from "../platform/verb";
import { touchRuns } from "../runs";
import { rulesInForce } from "./in-force";
import { forget, type Loaded, loadTraces } from "./load";
import { fold, MEASURES } from "./measure";
import { METRICS } from "./metrics";
import { type Hit, judge, measuring, type Rule } from "./rule";
import { sayCondition } from "./sentence";
import { markSeen } from "./store/rules";
import { takeTouches } from "./store/touches";
import { type NewMeasure, putMeasures } from "./store/windows";
import { seenIn } from "./trace/seen";
import { gathered, windowsAround } from "./windows";

/** Touches taken at once. */
const BATCH = 2_000;
const HISTORIC_MS = 3_600_000;

/** What was raised already, so that a run that goes on is not written again for what it showed before. */
const told = new LRUCache<string, string>({ max: 100_000 });
const seen = new LRUCache<string, true>({ max: 50_000, ttl: 60_000 });
const startAfresh = (): void => {
  forget();
  told.clear();
  seen.clear();
};

export function findingOf(
  environmentId: string,
  { runId, agentId, tenantId, taskType }: Loaded["trace"],
  rule: Rule,
  hit: Hit,
  now: number,
): Finding {
  const historic = now - hit.at > HISTORIC_MS;
  const level = hit.severity === "info" ? "info" : "alert";
  return {
    environmentId,
    rule: {
      slug: rule.slug,
      name: rule.name,
      sentence: sayCondition(rule),
      category: rule.category,
      failure: rule.failure,
      metric: rule.metric,
      mode: rule.mode === "act" ? "act" : "observe",
      actions: rule.actions,
    },
    dedupeKey: `${rule.slug}|${agentId}|${level}${historic ? "|historic" : ""}`,
    severity: hit.severity,
    value: hit.value,
    threshold: hit.threshold,
    at: hit.at,
    historic,
    agentId,
    tenantId,
    taskType,
    runs: [{ runId, agentId, value: hit.value, severity: hit.severity, at: hit.at, evidence: hit.evidence }],
    evidence: hit.evidence,
  };
}

/** Every rule on every run; what windows want to know of them beside. */
function judgeAll(loaded: readonly Loaded[], rules: Map<string, Rule[]>, now: number) {
  const findings: Finding[] = [];
  const measures: NewMeasure[] = [];
  for (const { environmentId, trace } of loaded) {
    const inForce = rules.get(environmentId) ?? [];
    const measured = measuring(trace, now);
    for (const rule of inForce) {
      const hit = judge(rule, trace, measured);
      if (!hit) continue;
      const key = `${environmentId} ${rule.slug} ${trace.runId}`;
      const mark = `${hit.value} ${hit.severity} ${rule.threshold}`;
      if (told.get(key) === mark) continue;
      told.set(key, mark);
      findings.push(findingOf(environmentId, trace, rule, hit, now));
    }
    for (const metric of gathered(inForce)) {
      const points = MEASURES[metric]?.points(trace, now) ?? [];
      const reading = fold(points, MEASURES[metric]?.fold ?? "sum", null);
      if (reading && reading.value !== 0)
        measures.push({
          environmentId,
          metric,
          runId: trace.runId,
          agentId: trace.agentId,
          tenantId: trace.tenantId,
          taskType: trace.taskType,
          value: reading.value,
          at: reading.at,
        });
    }
  }
  return { findings, measures };
}

const keyFor = (rule: Rule, m: NewMeasure): string =>
  ({ run: m.runId, agent: m.agentId, tenant: m.tenantId ?? "", task_type: m.taskType, environment: "" })[rule.per];

/** Windows over many runs are asked again where one of their runs shows something new. */
async function judgeWindows(
  tx: Sql,
  rules: Map<string, Rule[]>,
  measures: readonly NewMeasure[],
  now: number,
): Promise<Finding[]> {
  const changed = new Set((await putMeasures(tx, measures)).map((c) => `${c.environment_id} ${c.metric} ${c.run_id}`));
  const findings: Finding[] = [];
  const asked = new Set<string>();
  for (const m of measures) {
    if (!changed.has(`${m.environmentId} ${m.metric} ${m.runId}`)) continue;
    for (const rule of rules.get(m.environmentId) ?? []) {
      if (rule.per === "run" || rule.metric !== m.metric || METRICS[rule.metric].of !== "run") continue;
      const key = keyFor(rule, m);
      const once = `${m.environmentId} ${rule.slug} ${key} ${Math.floor(m.at / 60_000)}`;
      if (asked.has(once)) continue;
      asked.add(once);
      findings.push(...(await windowsAround(tx, m.environmentId, rule, key, m.at, now)));
    }
  }
  return findings;
}

async function noteSeen(tx: Sql, loaded: readonly Loaded[]): Promise<void> {
  const fresh = loaded.flatMap(({ environmentId, trace }) =>
    seenIn(trace).flatMap((needs) => {
      const key = `${environmentId} ${trace.agentId} ${needs}`;
      if (seen.has(key)) return [];
      seen.set(key, true);
      return [{ environmentId, agentId: trace.agentId, needs }];
    }),
  );
  const byKey = new Map(fresh.map((f) => [`${f.environmentId} ${f.agentId} ${f.needs}`, f]));
  await markSeen(tx, [...byKey.values()]);
}

/**
 * Looks once at what was left to look at: judges, raises, acts. What is taken and what is raised are one transaction: a crash
 * leaves either both or neither.
 * @returns how many runs were looked at
 */
export async function detectOnce(): Promise<number> {
  try {
    const { runs, environments, raised } = await inTransaction(async (tx) => {
      const touched = await takeTouches(tx, BATCH);
      if (touched.length === 0) return { runs: 0, environments: [], raised: 0 };
      const loaded = await loadTraces(tx, touched);
      const rules = new Map<string, Rule[]>();
      for (const { environmentId } of loaded)
        if (!rules.has(environmentId)) rules.set(environmentId, await rulesInForce(tx, environmentId));
      const now = Date.now();
      const { findings, measures } = judgeAll(loaded, rules, now);
      findings.push(...(await judgeWindows(tx, rules, measures, now)));
      const told = await raise(tx, findings);
      await noteSeen(tx, loaded);
      await touchCycles(
        tx,
        loaded,
        findings,
        told.some((t) => t.newRuns.length > 0),
      );
      return {
        runs: touched.length,
        environments: [...new Set(findings.map((f) => f.environmentId))],
        raised: findings.length,
      };
    });
    for (const environmentId of environments) announce(environmentId, "alerts", "failures", "runs");
    if (raised > 0) await actOnAlerts();
    return runs;
  } catch (err) {
    // What is kept in memory may be ahead of what was written.
    startAfresh();
    throw err;
  }
}

/** The others of a circle show the same: they are looked at too, once it is news. */
async function touchCycles(
  tx: Sql,
  loaded: readonly Loaded[],
  findings: readonly Finding[],
  news: boolean,
): Promise<void> {
  if (!news) return;
  const fired = new Set(
    findings.filter((f) => f.rule.metric === "wait_cycle").flatMap((f) => f.runs.map((r) => r.runId)),
  );
  const others = loaded.flatMap(({ environmentId, trace }) =>
    fired.has(trace.runId)
      ? (trace.waiting?.cycle ?? [])
          .filter((id) => id !== trace.runId)
          .map((run_id) => ({ environment_id: environmentId, run_id }))
      : [],
  );
  await touchRuns(tx, others);
}
