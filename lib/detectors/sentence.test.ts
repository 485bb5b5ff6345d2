import fc from "fast-check";
import { expect, test } from "vitest";
import { METRIC_NAMES, METRICS } from "./metrics";
import { AGGREGATES, OPS } from "./schema";
import { type Condition, parseSentence, sayCondition, settled } from "./sentence";

const condition = fc
  .record({
    metric: fc.constantFrom(...METRIC_NAMES),
    aggregate: fc.option(fc.constantFrom(...AGGREGATES), { nil: null }),
    per: fc.constantFrom(
      "run" as const,
      "agent" as const,
      "tenant" as const,
      "task_type" as const,
      "environment" as const,
    ),
    op: fc.constantFrom(...OPS),
    threshold: fc.oneof(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100),
    ),
    windowS: fc.option(fc.integer({ min: 1, max: 31 * 86_400 }), { nil: null }),
    scope: fc.record(
      {
        agent_id: fc.stringMatching(/^[\w.*:@/ -]{1,20}$/),
        tool: fc.stringMatching(/^[\w.*-]{1,20}$/),
        tenant_id: fc.stringMatching(/^[\w" -]{1,12}$/),
      },
      { requiredKeys: [] },
    ),
  })
  .map((c): Condition => settled(c));

test("what is printed is read back to the same, for every metric, aggregate, window and scope", () => {
  fc.assert(
    fc.property(condition, (c) => {
      expect(parseSentence(sayCondition(c))).toEqual({ ok: true, condition: c });
    }),
    { numRuns: 3_000 },
  );
});

test("people write it in their own way", () => {
  const read = (text: string) => {
    const parsed = parseSentence(text);
    return parsed.ok ? sayCondition(parsed.condition) : parsed.message;
  };
  expect(read("We would know from identical_calls exceeding 3 within 10 minutes.")).toBe(
    "identical_calls exceeding 3 within 10 minutes",
  );
  expect(read("identical calls more than 3 calls in 10 min")).toBe("identical_calls exceeding 3 within 10 minutes");
  expect(read("cost_usd > $2.50 within 1 hour for agent triage-*")).toBe(
    "cost_usd exceeding 2.5 within 1 hour for agent triage-*",
  );
  expect(read("p95 of seconds above 120 over the last 2 hours for each task")).toBe(
    "the p95 of seconds exceeding 120 within 2 hours for each task",
  );
  expect(read("input_tokens_per_turn over 100k")).toBe("input_tokens_per_turn exceeding 100000");
  expect(read("share of runs with tool_errors at least 20% within 15 minutes")).toBe(
    "the share of runs with tool_errors reaching 0.2 within 15 minutes in the environment",
  );
  expect(read("eval_score below 0.7")).toBe("eval_score below 0.7");
});

test("what is wrong is said with its place and a suggestion", () => {
  expect(parseSentence("identicl_calls exceeding 3 within 10 minutes")).toMatchObject({
    ok: false,
    at: "metric",
    message: expect.stringContaining("identical_calls"),
  });
  expect(parseSentence("identical_calls exceeding many within 10 minutes")).toMatchObject({
    ok: false,
    at: "threshold",
  });
  expect(parseSentence("steps exceeding 3 within 10 minutes on Tuesdays")).toMatchObject({ ok: false, at: "scope" });
  expect(parseSentence("")).toMatchObject({ ok: false, at: "metric" });
  expect(Object.values(METRICS).every((m) => m.says.length > 20)).toBe(true);
});
