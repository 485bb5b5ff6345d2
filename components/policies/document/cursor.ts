import { isMap, isPair, isScalar, parseDocument, visit } from "yaml";
import type { Format } from "./text";

export type Spot = {
  /** Keys and indexes that lead to where the cursor is: of the map for a key, of the value for a value. */
  path: (string | number)[];
  kind: "key" | "value";
  /** Keys that the map has already. */
  taken: string[];
};

const MARK = "__here__";
const quoted = (format: Format) => (format === "json" ? `"${MARK}"` : MARK);

/** The part of a word before the cursor, with its opening quote in JSON. */
export function wordBefore(text: string, at: number): { from: number; text: string } {
  const found = /"?[\w.*:/-]*$/.exec(text.slice(0, at))?.[0] ?? "";
  return { from: at - found.length, text: found.replace(/^"/, "") };
}

function spotIn(text: string, kind: Spot["kind"]): Spot | null {
  const doc = parseDocument(text, { prettyErrors: false, strict: false });
  let spot: Spot | null = null;
  visit(doc, {
    Scalar(key, node, ancestors) {
      if (node.value !== MARK) return undefined;
      const isKey = key === "key";
      if (isKey !== (kind === "key")) return undefined;
      const path: (string | number)[] = [];
      let map: unknown = null;
      ancestors.forEach((each, n) => {
        const child = ancestors[n + 1] ?? node;
        if (isPair(each)) {
          if (child === each.value && isScalar(each.key)) path.push(String(each.key.value));
        } else if (isMap(each)) map = each;
        else if (each && typeof each === "object" && "items" in each)
          path.push((each.items as unknown[]).indexOf(child));
      });
      const taken = isMap(map)
        ? map.items.flatMap(({ key: name }) => (isScalar(name) && name.value !== MARK ? [String(name.value)] : []))
        : [];
      spot = { path, kind, taken };
      return visit.BREAK;
    },
  });
  return spot;
}

/**
 * Puts a mark where the cursor is and asks the reader where it stands. Where the text is broken elsewhere, the part from
 * the last key at the top to the cursor is enough.
 */
export function spotAt(text: string, at: number, format: Format): Spot | null {
  const whole = spotWithin(text, at, format);
  if (whole || format === "json") return whole;
  const start = text.slice(0, at).search(/^\S.*$(?![\s\S]*^\S)/m);
  return start === -1 ? null : spotWithin(text.slice(start, at), at - start, format);
}

function spotWithin(text: string, at: number, format: Format): Spot | null {
  const word = wordBefore(text, at);
  const after = /^[\w.*:/-]*"?/.exec(text.slice(at))?.[0] ?? "";
  const [head, tail] = [text.slice(0, word.from), text.slice(at + after.length)];
  const mark = quoted(format);
  const asKey = () =>
    spotIn(`${head}${mark}: 0${/^\s*:/.test(tail) ? tail.replace(/^\s*:[^\n,}]*/, "") : tail}`, "key");
  const asValue = () => spotIn(`${head}${mark}${tail}`, "value");
  // after "key: " or inside a list a value is meant, else a key
  const line = head.slice(head.lastIndexOf("\n") + 1);
  if (/:\s+$/.test(line) || (format === "json" && /:\s*$/.test(line)) || /\[[^\]{]*$/.test(line)) return asValue();
  if (/^\s*-\s+$/.test(line)) return asValue() ?? asKey();
  return asKey() ?? asValue();
}
