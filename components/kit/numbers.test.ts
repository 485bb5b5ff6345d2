import { describe, expect, it } from "vitest";
import {
  clockUtc,
  compact,
  counted,
  duration,
  exactUtc,
  integer,
  money,
  percent,
  relative,
  shorten,
  shortUtc,
} from "./numbers";

describe("money", () => {
  it.each([
    [189.774, "$189.77"],
    [1204.55, "$1,204.55"],
    [0.1, "$0.10"],
    [0.0999, "$0.0999"],
    [0.03, "$0.0300"],
    [0, "$0.00"],
    [0.00001, "<$0.0001"],
    [-4.2, "−$4.20"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("%s is %s", (usd, text) => expect(money(usd)).toBe(text));
  it("has four digits on a single run", () => expect(money(0.4509, { run: true })).toBe("$0.4509"));
});

describe("compact", () => {
  it.each([
    [0, "0"],
    [950, "950"],
    [9100, "9.1k"],
    [159_800, "159.8k"],
    [999_949, "999.9k"],
    [999_950, "1.00M"],
    [1_910_000, "1.91M"],
    [2_400_000_000, "2.40B"],
    [undefined, "–"],
  ])("%s is %s", (n, text) => expect(compact(n)).toBe(text));
});

describe("duration", () => {
  it.each([
    [0, "0 s", "0 s"],
    [0.004, "4 ms", "4 ms"],
    [0.6, "0.6 s", "0.6 s"],
    [22.1, "22.1 s", "22.1 s"],
    [59.94, "59.9 s", "59.9 s"],
    [59.96, "1:00", "1 m 00 s"],
    [227, "3:47", "3 m 47 s"],
    [1800, "30:00", "30 m 00 s"],
    [3725, "1:02:05", "1 h 02 m"],
    [90_000, "25:00:00", "1 d 1 h"],
  ])("%s s is %s in a table and %s in prose", (s, table, prose) => {
    expect(duration(s)).toBe(table);
    expect(duration(s, "prose")).toBe(prose);
  });
  it("says nothing as a dash", () => expect(duration(null)).toBe("–"));
});

describe("words", () => {
  it("counts and percentages", () => {
    expect(integer(8305)).toBe("8,305");
    expect(integer(null)).toBe("–");
    expect(percent(0.081)).toBe("8.1 %");
    expect(percent(0)).toBe("0 %");
    expect(percent(1)).toBe("100 %");
    expect(counted(1, "run")).toBe("1 run");
    expect(counted(4218, "run")).toBe("4,218 runs");
    expect(counted(2, "retry", "retries")).toBe("2 retries");
  });
  it("shortens in the middle and only when it helps", () => {
    expect(shorten("req_01k8abcdefghw7f2")).toBe("req_01k8…w7f2");
    expect(shorten("run_8f2k")).toBe("run_8f2k");
  });
});

describe("time", () => {
  const at = Date.UTC(2026, 10, 20, 9, 7, 12, 408);
  it("is exact in UTC", () => {
    expect(exactUtc(new Date(at))).toBe("20 Nov 2026 09:07:12.408 UTC");
    expect(clockUtc(new Date(at))).toBe("09:07:12");
  });
  it("is short by its distance", () => {
    const now = new Date(Date.UTC(2026, 10, 20, 12));
    expect(shortUtc(new Date(at), now)).toBe("09:07:12");
    expect(shortUtc(new Date(Date.UTC(2026, 10, 16, 9, 7)), now)).toBe("16 Nov 09:07");
    expect(shortUtc(new Date(Date.UTC(2025, 10, 16, 9, 7)), now)).toBe("16 Nov 2025");
  });
  it.each([
    [0, "now"],
    [2, "2 s ago"],
    [59, "59 s ago"],
    [60, "1 min ago"],
    [430, "7 min ago"],
    [3600, "1 h ago"],
    [86_400, "yesterday"],
    [3 * 86_400, "3 days ago"],
    [90 * 86_400, "3 months ago"],
    [800 * 86_400, "2 years ago"],
    [-8, "in 8 s"],
    [-86_400, "tomorrow"],
  ])("%s s earlier is %s", (s, text) => expect(relative(at - s * 1000, at)).toBe(text));
});
