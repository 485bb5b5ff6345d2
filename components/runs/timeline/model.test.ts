import { describe, expect, it } from "vitest";
import type { SpanShape } from "@/lib/runs/schema";
import { matching, rowsOf, timelineOf, turnsOf } from "./model";
import { extentOf, ticksOf } from "./scale";

const span = (id: string, over: Partial<SpanShape>): SpanShape => ({
  span_id: id,
  parent_span_id: null,
  trace_id: null,
  kind: "tool",
  name: id,
  agent_id: null,
  to: null,
  tool: null,
  tool_call_id: null,
  model: null,
  provider: null,
  status: "ok",
  error: null,
  args_hash: null,
  args_fingerprint: null,
  result_hash: null,
  args_preview: null,
  result_preview: null,
  tokens: null,
  cost_usd: null,
  cost_source: null,
  finish_reasons: [],
  http_status: null,
  endpoint: null,
  decision_id: null,
  started_at: "2026-11-20T09:00:00.000Z",
  duration_ms: 1_000,
  convention: "interlock",
  scope_name: null,
  dropped_attributes: 0,
  ...over,
});
const loop = (n: number, args = "same") =>
  Array.from({ length: n }, (_, i) => [
    span(`m${i}`, { kind: "model", model: "gpt-4o" }),
    span(`t${i}`, { tool: "search.read", args_fingerprint: args }),
  ]).flat();

describe("timelineOf", () => {
  it("folds three turns with the same call, and not two", () => {
    expect(timelineOf(loop(3)).map((n) => n.kind)).toEqual(["repeat"]);
    expect(timelineOf(loop(3))[0]?.turns).toEqual([1, 3]);
    expect(timelineOf(loop(2)).map((n) => n.kind)).toEqual(["turn", "turn"]);
  });
  it("never calls unknown arguments the same", () => {
    const spans = Array.from({ length: 5 }, (_, i) => span(`t${i}`, { tool: "now" }));
    expect(timelineOf(spans)).toHaveLength(5);
  });
  it("keeps a span whose parent is missing or circles", () => {
    const spans = [
      span("a", { parent_span_id: "b" }),
      span("b", { parent_span_id: "a" }),
      span("c", { parent_span_id: "gone" }),
    ];
    expect(timelineOf(spans).map((n) => n.id)).toEqual(["a", "b", "c"]);
  });
  it("shows children of open nodes only", () => {
    const nodes = timelineOf(loop(3));
    expect(rowsOf(nodes, () => false)).toHaveLength(1);
    expect(rowsOf(nodes, () => true)).toHaveLength(1 + 3 + 6);
  });
  it("finds spans with the way down to them", () => {
    const found = matching(timelineOf(loop(4)), "SEARCH");
    expect(found.hits).toBe(4);
    expect(found.nodes[0]?.children).toHaveLength(4);
  });
});

describe("turnsOf", () => {
  it("gives each model call what followed it", () => {
    const turns = turnsOf([span("x", { tool: "before" }), ...loop(2)]);
    expect(turns.map((t) => [t.n, t.tools.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});

describe("extentOf and ticksOf", () => {
  it("is not stretched by a run that was opened later", () => {
    const run = { started_at: "2026-11-20T12:00:00.000Z", ended_at: "2026-11-20T12:00:01.000Z" };
    const extent = extentOf([span("a", {})], run, null);
    expect(extent.to - extent.from).toBe(1_020);
  });
  it("has round ticks, and not many", () => {
    expect(ticksOf({ from: 0, to: 234_000 }, 0)).toEqual([
      0, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000, 210_000,
    ]);
    expect(ticksOf({ from: 0, to: 3 }, 0).length).toBeLessThanOrEqual(8);
  });
});
