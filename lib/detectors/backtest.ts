import type { z } from "zod";
import { bound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import { Failure, notFound } from "../platform/errors";
import { type Reader, read } from "../platform/verb";
import { overlaid } from "./in-force";
import { pastRuns } from "./load";
import { covers, measuring, type Rule, reaches, readingOf, severityOf } from "./rule";
import { type BacktestShape, backtestInput } from "./schema";
import { parseSentence, settled } from "./sentence";
import { slide } from "./slide";
import { rulesOf } from "./store/rules";

const DAYS = 30;
const MAX_RUNS = 3_000;
const CURVE = 24;
type Input = z.output<typeof backtestInput>;
type Seen = {
  runId: string;
  agentId: string;
  key: string;
  success: boolean;
  outcome: string | null;
  value: number;
  at: number;
};

/** The stored rule, with the draft laid over it. */
function draft(base: Rule | undefined, input: Input): Rule {
  const given = input.rule;
  if (!given) {
    if (!base) throw notFound("rule");
    return base;
  }
  const parsed = given.sentence === undefined ? null : parseSentence(given.sentence);
  if (parsed && !parsed.ok)
    throw new Failure("invalid_input", parsed.message, {
      errors: [{ path: "rule.sentence", message: parsed.message }],
    });
  const condition = parsed?.ok ? parsed.condition : null;
  const metric = condition?.metric ?? given.metric ?? base?.metric;
  const threshold = condition?.threshold ?? given.threshold ?? base?.threshold;
  if (metric === undefined || threshold === undefined)
    throw new Failure("invalid_input", "Give a sentence, or a metric with a threshold.", {
      errors: [{ path: "rule.metric", message: "Missing." }],
    });
  const fixed = settled({
    metric,
    threshold,
    aggregate: condition ? condition.aggregate : (given.aggregate ?? base?.aggregate ?? null),
    per: condition?.per ?? given.per ?? base?.per ?? "run",
    op: condition?.op ?? given.op ?? base?.op ?? ">",
    windowS: condition ? condition.windowS : given.window_s === undefined ? (base?.windowS ?? null) : given.window_s,
    scope: { ...(given.scope ?? base?.scope), ...condition?.scope },
  });
  return {
    slug: input.slug,
    category: given.category ?? base?.category ?? "",
    failure: null,
    name: given.name ?? base?.name ?? input.slug,
    warnThreshold: null,
    exemptTools: given.exempt_tools ?? base?.exemptTools ?? [],
    severity: given.severity ?? base?.severity ?? "warning",
    mode: "observe",
    actions: [],
    noDataS: null,
    renotifyS: null,
    ...fixed,
  };
}

async function valuesOf(tx: Reader, ctx: Ctx, rule: Rule, fromMs: number, toMs: number) {
  const seen: Seen[] = [];
  let runs = 0;
  let successes = 0;
  let withoutData = 0;
  let complete = true;
  for await (const { trace, more } of pastRuns(tx.sql, ctx.environmentId, fromMs, toMs, rule.scope, MAX_RUNS)) {
    complete = !more;
    if (!covers(rule.scope, trace) || !bound(ctx, trace.agentId, trace.tenantId)) continue;
    runs++;
    const success = trace.stopReason === "success";
    if (success) successes++;
    const reading = readingOf(
      { ...rule, windowS: rule.per === "run" ? rule.windowS : null },
      measuring(trace, trace.endedAt ?? toMs),
    );
    if (!reading) {
      withoutData++;
      continue;
    }
    const key = {
      run: trace.runId,
      agent: trace.agentId,
      tenant: trace.tenantId ?? "",
      task_type: trace.taskType,
      environment: "",
    }[rule.per];
    seen.push({
      runId: trace.runId,
      agentId: trace.agentId,
      key,
      success,
      outcome: trace.stopReason,
      value: reading.value,
      at: reading.at,
    });
  }
  return { seen, runs, successes, withoutData, complete };
}

/** Thresholds worth trying: those at which the answer changes, thinned out. */
function thresholds(values: number[], own: number): number[] {
  const distinct = [...new Set([...values, own])].sort((a, b) => a - b);
  const step = Math.max(1, Math.floor(distinct.length / CURVE));
  return [...new Set([...distinct.filter((_, n) => n % step === 0), own, distinct.at(-1) ?? own])].sort(
    (a, b) => a - b,
  );
}

/**
 * The rule over runs of the past, by the code that judges live: on which it would have fired, how many of those had succeeded,
 * and how both change with the threshold. Looks at the newest 3,000 runs of the time.
 * @throws Failure `not_found` | `invalid_input`
 */
export const backtest = read("rule.backtest", {
  needs: "rules.read",
  input: backtestInput,
  run: async ({ tx, ctx, input }): Promise<BacktestShape> => {
    const stored = overlaid(await rulesOf(tx.sql, ctx.environmentId)).find((r) => r.slug === input.slug);
    const rule = { ...draft(stored, input) };
    if (input.threshold !== undefined) rule.threshold = input.threshold;
    rule.warnThreshold = null;
    const to = input.to ? Date.parse(input.to) : Date.now();
    const from = input.from ? Date.parse(input.from) : to - DAYS * 86_400_000;
    if (from >= to)
      throw new Failure("invalid_input", "from is before to.", {
        errors: [{ path: "from", message: "It is not before to." }],
      });
    const { seen, runs, successes, withoutData, complete } = await valuesOf(tx, ctx, rule, from, to);
    const firedAt = (threshold: number): Seen[] => {
      const tried = { ...rule, threshold };
      if (rule.per === "run") return seen.filter((s) => reaches(rule.op, s.value, threshold));
      const rows = seen
        .filter((s) => s.value !== 0)
        .map((s) => ({ run_id: s.runId, agent_id: s.agentId, key: s.key, value: s.value, at: s.at }))
        .sort((a, b) => a.at - b.at);
      const all = seen.map((s) => ({ run_id: s.runId, agent_id: s.agentId, key: s.key, value: 1, at: s.at }));
      const hit = new Set(slide(tried, rows, all, from).flatMap((h) => h.rows.map((r) => r.run_id)));
      return seen.filter((s) => hit.has(s.runId) && severityOf(tried, threshold) !== undefined);
    };
    const fired = firedAt(rule.threshold).sort((a, b) => b.at - a.at);
    return {
      fired: fired.slice(0, 500).map((s) => ({
        run_id: s.runId,
        value: s.value,
        at: new Date(s.at).toISOString(),
        outcome: s.outcome,
        agent_id: s.agentId,
      })),
      fired_count: fired.length,
      runs,
      successes,
      fired_on_success: fired.filter((s) => s.success).length,
      without_data: withoutData,
      curve: thresholds(
        seen.map((s) => s.value),
        rule.threshold,
      ).map((threshold) => {
        const at = firedAt(threshold);
        return { threshold, fired: at.length, fired_on_success: at.filter((s) => s.success).length };
      }),
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      complete,
    };
  },
});
