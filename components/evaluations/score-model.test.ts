import { expect, test } from "vitest";
import type { SummaryShape } from "@/lib/evaluations/schema";
import { thresholdOf, versionsOf } from "./score-model";

const day = (day: string, agent_version: string | null, mean: number, name = "grounding") => ({
  day,
  agent_id: "a",
  agent_version,
  name,
  count: 1,
  mean,
});
const rule = (agent_id: string | null, threshold: number) => ({ rule: "r", name: "R", agent_id, op: "<", threshold });

test("the three versions that were scored last are drawn, the newest last", () => {
  const days = [
    day("2026-01-01", "1", 0.1),
    day("2026-01-02", "2", 0.1),
    day("2026-01-02", null, 1),
    day("2026-01-03", "3", 1),
  ];
  expect(versionsOf(days)).toEqual([null, "2", "3"]);
});

test("the policy's word for a name goes before a rule over any score; of rules the strictest that means the agent", () => {
  const summary: Pick<SummaryShape, "thresholds"> = { thresholds: [rule("b*", 0.9), rule("a*", 0.6), rule(null, 0.5)] };
  expect(thresholdOf("grounding", "a", summary, { grounding: 0.7 })).toEqual({ value: 0.7, from: "policy" });
  expect(thresholdOf("relevance", "a", summary, { grounding: 0.7 })).toEqual({ value: 0.6, from: "rule r" });
  expect(thresholdOf("relevance", "a", { thresholds: [] }, {})).toBeNull();
});
