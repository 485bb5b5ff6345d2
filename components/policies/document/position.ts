import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";

export type Range = { from: number; to: number };
type Step = { node: Node; range: Range };

const rangeOf = (node: unknown): Range | null => {
  const range = (node as Node | null | undefined)?.range;
  return range ? { from: range[0], to: range[1] } : null;
};

/** Names have dots (`tools.timeouts_s.search.read`), so the longest key that fits is taken. */
function intoMap(node: Node, path: string): { step: Step; rest: string } | null {
  if (!isMap(node)) return null;
  let best: { step: Step; rest: string; length: number } | null = null;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const next = path[name.length];
    if (!path.startsWith(name) || (next !== undefined && next !== "." && next !== "[")) continue;
    const range = rangeOf(key);
    if (!range || (best && best.length > name.length)) continue;
    const rest = path.slice(name.length).replace(/^\./, "");
    best = { step: { node: (value ?? key) as Node, range }, rest, length: name.length };
  }
  return best;
}

function intoSeq(node: Node, path: string): { step: Step; rest: string } | null {
  const at = /^\[(\d+)\]\.?/.exec(path) ?? /^(\d+)(?:\.|$)/.exec(path);
  if (!isSeq(node) || !at) return null;
  const item = node.items[Number(at[1])] as Node | undefined;
  const range = rangeOf(item);
  return item && range ? { step: { node: item, range }, rest: path.slice(at[0].length) } : null;
}

/** Where `tools.allow[2]` stands in a text; of a path that goes further than the text, the last part that is there. */
export function positionOf(text: string, path: string): Range | null {
  const root = parseDocument(text, { prettyErrors: false }).contents;
  if (!isMap(root)) return null;
  const start = (): Step => ({ node: root, range: { from: 0, to: 0 } });
  const walk = (first: Step): Range | null => {
    let [at, rest, found] = [first, path, null as Range | null];
    while (rest !== "") {
      const next = intoMap(at.node, rest) ?? intoSeq(at.node, rest);
      if (!next) return found;
      [at, rest, found] = [next.step, next.rest, next.step.range];
    }
    return found;
  };
  const agent = root.get("agent", true);
  return walk(start()) ?? (isMap(agent) ? walk({ node: agent, range: { from: 0, to: 0 } }) : null);
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;
