import { assertBound } from "../platform/authz";
import { notFound } from "../platform/errors";
import { read } from "../platform/verb";
import { checksOf } from "./checklist";
import { judged } from "./judge";
import {
  type CanaryShape,
  type CompareShape,
  canaryInput,
  type Fact,
  type ProbeCell,
  type ProbeResult,
} from "./schema";
import { callFact, FEW, quantileFact, scoreFact, shareFact, wilson } from "./stats";
import { toolCalls, type Window } from "./store/calls";
import { canary } from "./store/canaries";
import * as store from "./store/compare";
import { lastTen } from "./store/probes";

const cell =
  (c: CanaryShape) =>
  (r: ProbeResult): ProbeCell => ({
    name: r.name,
    ...judged(c.probes.find((p) => p.name === r.name) ?? null, r),
    latency_ms: r.latency_ms,
    at: r.at,
  });

function trafficOf(planned: number, baseline: number, seen: number): CompareShape["traffic"] {
  const n = baseline + seen;
  const { low, high } = wilson(seen, n);
  const verdict =
    n < FEW
      ? "too few to say"
      : low > planned
        ? "more than planned"
        : high < planned
          ? "less than planned"
          : "as planned";
  const rule = `More or less than planned where the 95 % interval (Wilson) of the share leaves out the plan; under ${FEW} runs of both together, too few to say.`;
  return { planned, seen: n > 0 ? seen / n : null, low: n > 0 ? low : null, high: n > 0 ? high : null, verdict, rule };
}

type Spreads = store.Spread[];
function quantiles(spreads: Spreads, b: string, c: string): Fact[] {
  const of = (version: string) => spreads.find((s) => s.version === version);
  const fact = (key: string, label: string, unit: Fact["unit"], measure: "usd" | "seconds" | "tokens", q: 0.5 | 0.95) =>
    quantileFact(
      { key, label, unit, better: "lower" },
      q,
      store.quantile(of(b), measure, q),
      store.quantile(of(c), measure, q),
    );
  return [
    fact("seconds_p50", "Time, median", "seconds", "seconds", 0.5),
    fact("seconds_p95", "Time, 95th", "seconds", "seconds", 0.95),
    fact("cost_usd_p50", "Cost of a run, median", "usd", "usd", 0.5),
    fact("cost_usd_p95", "Cost of a run, 95th", "usd", "usd", 0.95),
    fact("tokens_p50", "Tokens of a run, median", "tokens", "tokens", 0.5),
  ];
}

function scoreFacts(rows: store.ScoreRow[], b: string, c: string): Fact[] {
  const of = (version: string, name: string) =>
    rows.find((r) => r.version === version && r.name === name) ?? { n: 0, value: null, sd: null };
  return [...new Set(rows.map((r) => r.name))].map((name) =>
    scoreFact(
      { key: `score:${name}`, label: `Score ${name}`, unit: "score", better: "higher" },
      of(b, name),
      of(c, name),
    ),
  );
}

/** Both versions since the canary began. Small numbers end in "too few to say"; each verdict brings its rule. @throws Failure `not_found` */
export const compareCanary = read("canary.compare", {
  needs: "readiness.read",
  input: canaryInput,
  run: async ({ tx, ctx, input }): Promise<CompareShape> => {
    const env = ctx.environmentId;
    const found = await canary(tx.sql, env, input.slug);
    if (!found) throw notFound("canary");
    assertBound(ctx, found.agent_id, null);
    const [b, c] = [found.baseline_version, found.canary_version];
    const w: Window = {
      agentId: found.agent_id,
      from: new Date(found.started_at),
      to: found.ended_at ? new Date(found.ended_at) : ctx.now(),
    };
    const [counts, spreads, scores, callsB, callsC, probesB, probesC, mustPass] = await Promise.all([
      store.counts(tx.sql, env, w, [b, c]),
      store.spreads(tx.sql, env, w, [b, c]),
      store.scores(tx.sql, env, w, [b, c]),
      toolCalls(tx.sql, env, w, b),
      toolCalls(tx.sql, env, w, c),
      lastTen(tx.sql, env, found.agent_id, b, found.started_at),
      lastTen(tx.sql, env, found.agent_id, c, found.started_at),
      checksOf(tx.sql, env, found.agent_id, c),
    ]);
    const of = (version: string) =>
      counts.find((r) => r.version === version) ?? { runs: 0, ended: 0, success: 0, alerted: 0 };
    const share = (hits: "success" | "alerted", version: string) => ({ hits: of(version)[hits], n: of(version).ended });
    const fact = (key: string, label: string, unit: Fact["unit"], better: Fact["better"]) => ({
      key,
      label,
      unit,
      better,
    });
    return {
      canary: found,
      since: found.started_at,
      until: w.to.toISOString(),
      runs: { baseline: of(b).runs, canary: of(c).runs },
      traffic: trafficOf(found.percent_traffic / 100, of(b).runs, of(c).runs),
      facts: [
        shareFact(fact("success", "Success", "share", "higher"), share("success", b), share("success", c)),
        ...quantiles(spreads, b, c),
        callFact(fact("tool_error_rate", "Tool calls that fail", "share", "lower"), callsB, callsC),
        shareFact(
          fact("alerts_per_100_runs", "Runs with an alert, in 100", "per 100 runs", "lower"),
          share("alerted", b),
          share("alerted", c),
          100,
        ),
        ...scoreFacts(scores, b, c),
      ],
      probes: { baseline: probesB.map(cell(found)), canary: probesC.map(cell(found)), must_pass: mustPass },
    };
  },
});
