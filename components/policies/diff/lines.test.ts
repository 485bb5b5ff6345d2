import { describe, expect, it } from "vitest";
import { countOf, diffLines, fold, since } from "./lines";

const text = (...lines: string[]) => `${lines.join("\n")}\n`;
const signs = (before: string, after: string) => diffLines(before, after).map((line) => line.sign + line.text);

describe("two documents line by line", () => {
  it("says what went before what came", () => {
    expect(signs(text("a", "b", "c"), text("a", "x", "c"))).toEqual([" a", "-b", "+x", " c"]);
    expect(signs(text("a"), text("a", "b"))).toEqual([" a", "+b"]);
    expect(signs(text("a", "b"), text("b"))).toEqual(["-a", " b"]);
    expect(countOf(diffLines(text("a", "b", "c"), text("b", "c", "d", "e")))).toEqual({ added: 2, removed: 1 });
  });
  it("numbers the lines of both", () => {
    expect(diffLines(text("a", "b"), text("b", "c"))).toEqual([
      { sign: "-", text: "a", before: 1, after: null },
      { sign: " ", text: "b", before: 2, after: 1 },
      { sign: "+", text: "c", before: null, after: 2 },
    ]);
  });
  it("folds what is far from a change", () => {
    const many = Array.from({ length: 20 }, (_, n) => `l${n}`);
    const folded = fold(diffLines(text(...many), text(...many.slice(0, 19), "other")));
    expect(folded[0]).toMatchObject({ fold: { length: 16 } });
    expect(folded).toHaveLength(6);
  });
  it("says which version brought a line", () => {
    expect(since([text("a", "b"), text("a", "x", "b"), text("a", "x", "c")])).toEqual([0, 1, 2]);
  });
});
