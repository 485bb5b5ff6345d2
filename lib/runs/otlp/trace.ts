import type { Facts } from "./facts";
import type { SpanReader } from "./reader";
import type { OtlpSpan } from "./types";
import { parentId } from "./validate";

const MAX_HOPS = 256;

/** A span among the others of its request. Parents may be missing, late, or run in a circle. */
export type Node = {
  span: OtlpSpan;
  reader: SpanReader;
  convention: string;
  facts: Facts;
  parent: Node | null;
  start: bigint;
  end: bigint;
};

export function spanKey(span: OtlpSpan): string {
  return `${span.traceId}:${span.spanId}`;
}

export function linkParents(nodes: Node[]): void {
  const byId = new Map(nodes.map((node) => [spanKey(node.span), node]));
  for (const node of nodes) {
    const parent = parentId(node.span);
    node.parent = parent === null ? null : (byId.get(`${node.span.traceId}:${parent}`) ?? null);
  }
}

/** From the parent upwards, at most 256 hops. */
export function* ancestors(node: Node): Generator<Node> {
  let current = node.parent;
  for (let hops = 0; current !== null && current !== node && hops < MAX_HOPS; hops += 1) {
    yield current;
    current = current.parent;
  }
}

function depth(node: Node): number {
  let hops = 0;
  for (const _ of ancestors(node)) hops += 1;
  return hops;
}

/** One trace's answer for those of its spans that neither say it themselves nor have it above them. */
type Common = { outermost: string | null; only: string | null };

/**
 * A function from a span to what its trace says: its own word, else its nearest ancestor's, else the trace's, either
 * the outermost word (`outermost`) or, where several differ, none (`only`).
 */
export function inherited(
  nodes: Node[],
  own: (node: Node) => string | null | undefined,
): (node: Node) => { near: string | null; common: Common } {
  const traces = new Map<string, { best: Node; depth: number; words: Set<string> }>();
  for (const node of nodes) {
    const word = own(node) ?? null;
    if (word === null) continue;
    const known = traces.get(node.span.traceId);
    if (known === undefined) {
      traces.set(node.span.traceId, { best: node, depth: depth(node), words: new Set([word]) });
      continue;
    }
    known.words.add(word);
    const here = depth(node);
    if (here < known.depth || (here === known.depth && node.start < known.best.start)) {
      known.best = node;
      known.depth = here;
    }
  }
  return (node) => {
    const trace = traces.get(node.span.traceId);
    if (trace === undefined) return { near: null, common: { outermost: null, only: null } };
    const outermost = own(trace.best) ?? null;
    const common = { outermost, only: trace.words.size === 1 ? outermost : null };
    const mine = own(node) ?? null;
    if (mine !== null) return { near: mine, common };
    for (const above of ancestors(node)) {
      const word = own(above) ?? null;
      if (word !== null) return { near: word, common };
    }
    return { near: null, common };
  };
}
