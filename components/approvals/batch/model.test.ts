import { expect, test } from "vitest";
import { compare } from "./model";

test("what is the same stands once and first, what differs a column each, what is missing a dash", () => {
  const rows = compare([
    { args: '{"body":{"text":"a"},"priority":"P1"}' },
    { args: '{"body":{"text":"b"},"priority":"P1"}' },
    { args: '{"body":{"text":"c"},"cc":"x","priority":"P1"}' },
  ]);
  expect(rows).toEqual([
    { key: "priority", values: ['"P1"'], same: true },
    { key: "body.text", values: ['"a"', '"b"', '"c"'], same: false },
    { key: "cc", values: ["–", "–", '"x"'], same: false },
  ]);
});

test("arguments that were too large are said to be so", () => {
  expect(compare([{ args: null }, { args: "{}" }])).toEqual([
    { key: "arguments", values: ["too large to show", "–"], same: false },
    { key: "value", values: ["–", "{}"], same: false },
  ]);
});
