import { expect, it } from "vitest";
import { type FilterField, filterWords, formatRange, parseRange, parseTime } from "./filters";

const cost: FilterField = { key: "cost_usd", label: "cost_usd", kind: "number", prefix: "$" };
const status: FilterField = {
  key: "status",
  label: "status",
  kind: "select",
  options: [{ value: "lost", label: "lost" }],
};
const started: FilterField = { key: "started", label: "started", kind: "time" };

it("reads back every range it writes", () => {
  for (const [min, max] of [
    ["1", "5"],
    ["1", undefined],
    [undefined, "5"],
  ] as const)
    expect(parseRange(formatRange(min, max))).toEqual({ min, max });
  expect(formatRange(undefined, undefined)).toBeNull();
  expect(formatRange(0, undefined)).toBe("0..");
});

it("counts a preset back from now and passes a range through", () => {
  const now = Date.UTC(2026, 10, 20, 9);
  expect(parseTime("24h", now)).toEqual({ from: "2026-11-19T09:00:00.000Z" });
  expect(parseTime("2026-11-01T00:00Z..", now)).toEqual({ from: "2026-11-01T00:00Z", to: undefined });
  expect(parseTime(null, now)).toEqual({ from: undefined, to: undefined });
});

it("says a chip in words", () => {
  expect(filterWords(cost, "0.01..")).toBe("≥ $0.01");
  expect(filterWords(cost, "..5")).toBe("≤ $5");
  expect(filterWords(cost, "1..5")).toBe("$1 to $5");
  expect(filterWords(status, "lost,failed")).toBe("lost or failed");
  expect(filterWords(status, "a,b,c,d")).toBe("a, b or 2 more");
  expect(filterWords(started, "24h")).toBe("last 24 h");
  expect(filterWords(started, "12h")).toBe("last 12h");
  expect(filterWords(started, "2026-11-01T00:00Z..")).toBe("since 2026-11-01 00:00");
});
