import { expect, it } from "vitest";
import { highlight, type Language } from "./highlight";

const SAMPLES: [Language, string][] = [
  ["ts", '// a "b"\nconst x = await f("a // b", 12);'],
  ["python", "# hi\nrun = await il.run(agent_id='a', n=1.5)"],
  ["bash", "# c\ncurl -d '{\"a\":\n 1}' \\\n  $URL/#x"],
  ["json", '{"a": "b", "n": 1, "t": true}'],
  ["env", "# x\nOTEL_URL=https://a/#b"],
  ["text", "anything"],
];

it.each(SAMPLES)("loses nothing of %s", (language, code) => {
  expect(
    highlight(code, language)
      .map((token) => token.text)
      .join(""),
  ).toBe(code);
});

it("tells a comment from a string that looks like one", () => {
  const tokens = highlight('const x = "a // b"; // real', "ts");
  expect(tokens.find((token) => token.kind === "string")?.text).toBe('"a // b"');
  expect(tokens.find((token) => token.kind === "comment")?.text).toBe("// real");
});
