import fc from "fast-check";
import { expect, test } from "vitest";
import { type Rule, reaches, severityOf } from "./rule";
import type { Aggregate } from "./schema";
import { slide } from "./slide";
import type { Measured } from "./store/windows";

const AGGREGATES: Aggregate[] = ["sum", "count", "rate", "avg", "max", "min", "p50", "p95", "p99"];

/** Each window by itself, gathered anew: slow and plain. */
function plainly(rule: Rule, how: Aggregate, rows: Measured[], runs: Measured[], fromMs: number) {
  const hits: Record<string, { value: number; at: number; runs: string[] }> = {};
  rows.forEach((last, to) => {
    if (last.at < fromMs) return;
    const opens = last.at - (rule.windowS ?? 0) * 1000;
    const inside = rows.slice(0, to + 1).filter((r) => r.key === last.key && r.at > opens);
    const values = inside.map((r) => r.value).sort((a, b) => a - b);
    const ended = runs.filter((r) => r.key === last.key && r.at > opens && r.at <= last.at).length;
    const sum = values.reduce((a, b) => a + b, 0);
    const rank = (share: number) => values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;
    const value = {
      sum,
      count: values.length,
      rate: values.length / Math.max(ended, values.length),
      avg: sum / values.length,
      max: values.at(-1) ?? 0,
      min: values[0] ?? 0,
      p50: rank(0.5),
      p95: rank(0.95),
      p99: rank(0.99),
    }[how];
    const before = hits[last.key];
    if (severityOf(rule, value) === null || (before && !reaches(rule.op, value, before.value))) return;
    hits[last.key] = { value, at: before?.at ?? last.at, runs: inside.map((r) => r.run_id) };
  });
  return hits;
}

const rowsAt = (keys: number) =>
  fc
    .array(fc.record({ key: fc.integer({ min: 1, max: keys }), at: fc.nat(60), value: fc.nat(9) }), { maxLength: 40 })
    .map((list): Measured[] =>
      list
        .toSorted((a, b) => a.at - b.at)
        .map((r, i) => ({ run_id: `r${i}`, agent_id: "a", key: `k${r.key}`, value: r.value, at: r.at * 1000 })),
    );

test("a window that moves on says what each window says that is gathered anew", () => {
  fc.assert(
    fc.property(
      rowsAt(3),
      rowsAt(3),
      fc.constantFrom(...AGGREGATES),
      fc.constantFrom<Rule["op"]>(">", ">=", "<", "<="),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(8),
      fc.nat(60),
      (rows, runs, how, op, windowS, threshold, from) => {
        const rule = { aggregate: how, op, windowS, threshold, warnThreshold: null, severity: "high" } as Rule;
        const ours = slide(rule, rows, runs, from * 1000).map((h) => [
          h.key,
          { value: h.value, at: h.at, runs: h.rows.map((r) => r.run_id) },
        ]);
        expect(Object.fromEntries(ours)).toEqual(plainly(rule, how, rows, runs, from * 1000));
      },
    ),
    { numRuns: 2_000 },
  );
});
