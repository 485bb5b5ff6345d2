import { expect, test } from "vitest";
import type { TimelineItem } from "../schema";
import { bounded } from "./bounded";

const item = (n: number, kind: TimelineItem["kind"]): TimelineItem => ({
  at: new Date(n * 1_000).toISOString(),
  kind,
  tone: "plain",
  what: `${kind} ${n}`,
  mono: null,
  detail: null,
  who: null,
  path: null,
});

test("few are all kept", () => {
  const few = [item(1, "run"), item(2, "alert")];
  expect(bounded(few, 2)).toEqual({ items: few, leftOff: 0 });
});

test("of many, what there is most of gives up its middle, and its order stays", () => {
  const runs = Array.from({ length: 20 }, (_, n) => item(n, "run"));
  const all = [...runs.slice(0, 10), item(10, "alert"), ...runs.slice(10), item(30, "note")];
  const { items, leftOff } = bounded(all, 10);
  expect(leftOff).toBe(12);
  expect(items).toHaveLength(10);
  expect(items.map((i) => i.what)).toEqual([
    "run 0",
    "run 1",
    "run 2",
    "run 3",
    "alert 10",
    "run 16",
    "run 17",
    "run 18",
    "run 19",
    "note 30",
  ]);
});
