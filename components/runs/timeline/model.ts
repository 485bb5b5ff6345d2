import type { SpanShape } from "@/lib/runs/schema";

/** A row of the timeline: a span, a turn (a model call and what it led to), or the same thing again and again. */
export type Node = {
  id: string;
  kind: "span" | "turn" | "repeat";
  span: SpanShape | null;
  /** First and last turn it stands for. */
  turns: [number, number] | null;
  children: Node[];
  start: number;
  end: number;
  /** The tool calls inside, as one string: what makes two neighbours the same. */
  signature: string | null;
  /** Inside a fold of repeats. */
  repeated: boolean;
  errors: number;
};

export type Turn = {
  n: number;
  model: SpanShape;
  /** What followed it until the next model call of the same parent. */
  rest: SpanShape[];
  tools: SpanShape[];
  start: number;
  end: number;
  signature: string | null;
};

export const REPEATS_FROM = 3;
export const startOf = (span: SpanShape): number => Date.parse(span.started_at);
export const endOf = (span: SpanShape): number => startOf(span) + (span.duration_ms ?? 0);
export const costOf = (spans: SpanShape[]): number => spans.reduce((sum, span) => sum + (span.cost_usd ?? 0), 0);
/** A person or a lock is waited for: the run does nothing meanwhile. */
export const isWaiting = (span: SpanShape): boolean =>
  span.kind === "decision" && (span.duration_ms === null ? /approv|wait/i.test(span.name) : span.duration_ms >= 1_000);

/** One tool call: the tool and its arguments without what always differs. Unknown arguments are never "the same". */
export function callOf(span: SpanShape): string | null {
  const args = span.args_fingerprint ?? span.args_hash;
  return span.kind === "tool" && args ? `${span.tool ?? span.name} ${args}` : null;
}

function joined(calls: (string | null)[]): string | null {
  return calls.length > 0 && calls.every((call) => call !== null) ? calls.join("\n") : null;
}

/** Turns in the order of their model calls. Sub-agents that work at the same time keep theirs apart by parent. */
export function turnsOf(spans: SpanShape[]): Turn[] {
  const turns: Turn[] = [];
  const last = new Map<string, Turn>();
  const byModel = new Map<string, Turn>();
  for (const span of spans) {
    const parent = span.parent_span_id ?? "";
    if (span.kind === "model") {
      const turn: Turn = {
        n: turns.length + 1,
        model: span,
        rest: [],
        tools: [],
        start: startOf(span),
        end: endOf(span),
        signature: null,
      };
      turns.push(turn);
      last.set(parent, turn);
      byModel.set(span.span_id, turn);
      continue;
    }
    if (span.kind === "agent" || span.kind === "step") continue;
    const turn = byModel.get(parent) ?? last.get(parent) ?? turns.at(-1);
    if (!turn) continue;
    turn.rest.push(span);
    if (span.kind === "tool") turn.tools.push(span);
    turn.end = Math.max(turn.end, endOf(span));
  }
  for (const turn of turns) turn.signature = joined(turn.tools.map(callOf));
  return turns;
}

/** The tree by parent, with turns put together and repeats folded. A parent that is missing or circles is no parent. */
export function timelineOf(spans: SpanShape[]): Node[] {
  const known = new Map(spans.map((span) => [span.span_id, span]));
  const children = new Map<string, SpanShape[]>();
  for (const span of spans) {
    const parent = parentOf(span, known);
    const siblings = children.get(parent);
    if (siblings) siblings.push(span);
    else children.set(parent, [span]);
  }
  const turnOf = new Map(turnsOf(spans).map((turn) => [turn.model.span_id, turn.n]));
  const build = (parent: string): Node[] => folded(grouped((children.get(parent) ?? []).map(node), turnOf));
  const node = (span: SpanShape): Node => {
    const inside = build(span.span_id);
    const n = turnOf.get(span.span_id);
    return measured({ id: span.span_id, kind: "span", span, turns: n ? [n, n] : null, children: inside });
  };
  return build("");
}

function parentOf(span: SpanShape, known: Map<string, SpanShape>): string {
  const seen = new Set([span.span_id]);
  let at = span.parent_span_id;
  if (at === null || !known.has(at)) return "";
  for (let up: string | null = at; up !== null && known.has(up); up = known.get(up)?.parent_span_id ?? null) {
    if (seen.has(up)) return "";
    seen.add(up);
  }
  at = span.parent_span_id;
  return at ?? "";
}

function measured(node: Pick<Node, "id" | "kind" | "span" | "turns" | "children">): Node {
  const { span, children } = node;
  const starts = children.map((child) => child.start);
  const ends = children.map((child) => child.end);
  const own = span ? [callOf(span)].filter((_, i) => i === 0 && span.kind === "tool") : [];
  const calls = [...own, ...children.filter(hasTool).map((child) => child.signature)];
  return {
    ...node,
    turns: node.turns ?? rangeOf(children),
    start: least([...(span ? [startOf(span)] : []), ...starts]),
    end: most([...(span ? [endOf(span)] : []), ...ends]),
    signature: joined(calls),
    repeated: false,
    errors: (span?.status === "error" ? 1 : 0) + children.reduce((sum, child) => sum + child.errors, 0),
  };
}

export const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
export const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const hasTool = (node: Node): boolean => node.span?.kind === "tool" || node.children.some(hasTool);

function rangeOf(children: Node[]): [number, number] | null {
  const all = children.flatMap((child) => child.turns ?? []);
  return all.length === 0 ? null : [least(all), most(all)];
}

/** Neighbours from one model call to the next are a turn, where there are several model calls side by side. */
function grouped(nodes: Node[], turnOf: Map<string, number>): Node[] {
  const models = nodes.filter((node) => node.span?.kind === "model").length;
  if (models < 2) return nodes;
  const out: Node[] = [];
  let group: Node[] = [];
  const close = () => {
    const first = group[0];
    if (first) {
      const n = turnOf.get(first.id) ?? 0;
      out.push(measured({ id: `turn-${n}-${first.id}`, kind: "turn", span: null, turns: [n, n], children: group }));
    }
    group = [];
  };
  for (const node of nodes) {
    if (node.span?.kind === "model") {
      close();
      group = [node];
    } else if (group.length > 0) group.push(node);
    else out.push(node);
  }
  close();
  return out;
}

/** Three or more neighbours with the same calls become one row that can be opened. */
function folded(nodes: Node[]): Node[] {
  const out: Node[] = [];
  for (let i = 0; i < nodes.length; ) {
    const first = nodes[i];
    if (!first) break;
    let j = i + 1;
    while (first.signature !== null && nodes[j]?.signature === first.signature) j += 1;
    const same = nodes.slice(i, j);
    if (same.length >= REPEATS_FROM) {
      const children = same.map((node) => ({ ...node, repeated: true }));
      out.push({
        ...measured({ id: `repeat-${first.id}`, kind: "repeat", span: null, turns: null, children }),
        signature: null,
        repeated: true,
      });
    } else out.push(...same);
    i = j;
  }
  return out;
}

/** Every span below a node, in the order of the tree. */
export function spansIn(node: Node): SpanShape[] {
  return [...(node.span ? [node.span] : []), ...node.children.flatMap(spansIn)];
}

export type Row = { node: Node; depth: number; open: boolean | null; parent: string | null; hot: boolean };

/** What is seen: children of open nodes only. `isOpen` decides; null for what cannot be opened. */
export function rowsOf(nodes: Node[], isOpen: (node: Node) => boolean): Row[] {
  const out: Row[] = [];
  const walk = (list: Node[], depth: number, parent: string | null, hot: boolean) => {
    for (const node of list) {
      const open = node.children.length === 0 ? null : isOpen(node);
      const inside = hot || node.kind === "repeat";
      out.push({ node, depth, open, parent, hot: inside });
      if (open) walk(node.children, depth + 1, node.id, inside);
    }
  };
  walk(nodes, 0, null, false);
  return out;
}

/** Opened at first: everything but repeats; in a long run only what leads to an error. */
export function openAtFirst(nodes: Node[]): (node: Node) => boolean {
  const count = (list: Node[]): number => list.reduce((sum, node) => sum + 1 + count(node.children), 0);
  const long = count(nodes) > 150;
  const roots = new Set(nodes.length <= 3 ? nodes.map((node) => node.id) : []);
  return (node) => node.kind !== "repeat" && (!long || roots.has(node.id) || node.errors > 0);
}

/** Nodes whose own words match, with the way down to them. */
export function matching(nodes: Node[], text: string): { nodes: Node[]; hits: number } {
  const wanted = text.trim().toLowerCase();
  let hits = 0;
  const keep = (list: Node[]): Node[] =>
    list.flatMap((node) => {
      const own = node.span !== null && wordsIn(node.span).includes(wanted);
      if (own) hits += 1;
      const children = keep(node.children);
      return own || children.length > 0
        ? [{ ...node, children: own && children.length === 0 ? node.children : children }]
        : [];
    });
  return { nodes: keep(nodes), hits };
}

const wordsIn = (span: SpanShape): string =>
  [
    span.name,
    span.kind,
    span.tool,
    span.model,
    span.agent_id,
    span.error?.type,
    span.error?.message,
    span.args_preview,
    span.result_preview,
    span.span_id,
  ]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
