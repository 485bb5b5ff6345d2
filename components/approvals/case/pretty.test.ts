import { expect, test } from "vitest";
import { prettyLines } from "./pretty";

test("keys, values and ends are told apart, and joined they are the text", () => {
  const args = '{"amount":1840,"items":["a, b",{"x":null}],"note":"says \\"hi\\", then","token":"[redacted]"}';
  const lines = prettyLines(args);
  const joined = lines.map((l) => `${l.indent}${l.key === null ? "" : `${l.key}: `}${l.value}${l.end}`).join("\n");
  expect(joined).toBe(JSON.stringify(JSON.parse(args), null, 2));
  const amount = lines.find((l) => l.key === '"amount"');
  expect(amount).toMatchObject({ value: "1840", end: ",", strong: true, redacted: false });
  expect(lines.find((l) => l.key === '"note"')?.value).toBe('"says \\"hi\\", then"');
  expect(lines.filter((l) => l.redacted).map((l) => l.key)).toEqual(['"token"']);
});

test("what is no JSON stands as it came", () => {
  expect(prettyLines("{oops").map((l) => l.value)).toEqual(["{oops"]);
});
