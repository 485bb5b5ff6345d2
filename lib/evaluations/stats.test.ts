import { expect, test } from "vitest";
import { callFact, newcombe, quantileFact, scoreFact, shareFact, wilson } from "./stats";

const success = { key: "success", label: "Success", unit: "share", better: "higher" } as const;
const cost = { key: "cost", label: "Cost", unit: "usd", better: "lower" } as const;
const said = (b: [number, number], c: [number, number]) =>
  shareFact(success, { hits: b[0], n: b[1] }, { hits: c[0], n: c[1] }).verdict;

test("Wilson and Newcombe are those of the books", () => {
  const { low, high } = wilson(81, 263);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(["0.2553", "0.3662"]);
  const d = newcombe({ hits: 48, n: 80 }, { hits: 56, n: 70 });
  expect([d.low.toFixed(4), d.high.toFixed(4)]).toEqual(["0.0524", "0.3339"]);
});

test.each([
  [[950, 1_000], [8, 29], "too few to say"],
  [[950, 1_000], [0, 29], "too few to say"],
  [[950, 1_000], [20, 40], "worse"],
  [[950, 1_000], [38, 40], "too few to say"],
  [[500, 1_000], [960, 1_000], "better"],
  [[25_745, 26_902], [588, 611], "no difference seen"],
  [[0, 0], [5, 5], "too few to say"],
  [[2_600, 2_600], [169, 170], "too few to say"],
  [[2_600, 2_600], [170, 170], "too few to say"],
  [[2_600, 2_600], [165, 170], "worse"],
] as [[number, number], [number, number], string][])("success of %j and %j: %s", (b, c, verdict) => {
  expect(said(b, c)).toBe(verdict);
});

test("a quantile is compared by its interval, and by enough runs", () => {
  const at = (n: number, value: number, half: number) => ({ n, value, low: value - half, high: value + half });
  const say = (c: ReturnType<typeof at>, q: 0.5 | 0.95 = 0.5) => quantileFact(cost, q, at(900, 10, 0.5), c).verdict;
  expect([say(at(29, 20, 0.1)), say(at(40, 20, 1)), say(at(40, 8, 1)), say(at(40, 10, 1)), say(at(40, 10, 4))]).toEqual(
    ["too few to say", "worse", "better", "no difference seen", "too few to say"],
  );
  expect(say(at(99, 20, 1), 0.95)).toBe("too few to say");
});

test("a score needs runs, and scores that are all alike are no certainty", () => {
  const say = (n: number, value: number | null, sd: number | null) =>
    scoreFact({ ...success, unit: "score" }, { n: 200, value: 0.8, sd: 0.14 }, { n, value, sd }).verdict;
  expect([say(29, 0.9, 0.1), say(60, 0.9, 0.1), say(60, 0.7, 0.1), say(100, 0.81, 0.07), say(60, 0.81, 0.8)]).toEqual([
    "too few to say",
    "better",
    "worse",
    "no difference seen",
    "too few to say",
  ]);
  expect([say(60, null, null), say(30, 0.85, 0)]).toEqual(["too few to say", "too few to say"]);
});

test("failed calls are judged by the runs they were in", () => {
  const about = { ...success, better: "lower" } as const;
  const b = { runs: 400, with_failure: 20, calls: 4_000, failed: 20 };
  const one = { runs: 60, with_failure: 1, calls: 600, failed: 60 };
  const many = { runs: 60, with_failure: 20, calls: 600, failed: 20 };
  expect(
    [callFact(about, b, one), callFact(about, b, many)].map((f) => [f.canary.value?.toFixed(3), f.verdict]),
  ).toEqual([
    ["0.100", "too few to say"],
    ["0.033", "worse"],
  ]);
});
