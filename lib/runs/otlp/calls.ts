import { ancestors, type Node } from "./trace";

type Usage = { input: number; output: number };

function usage(node: Node): Usage | null {
  const { input, output, total } = node.facts.tokens ?? {};
  if (node.facts.kind !== "model" || (input ?? output ?? total ?? null) === null) return null;
  return { input: input ?? total ?? 0, output: output ?? 0 };
}

/** Above a call, within the same work: a tool or an agent in between means that another call was made inside. */
function enclosingCalls(node: Node): Node[] {
  const found: Node[] = [];
  for (const above of ancestors(node)) {
    if (above.facts.kind === "tool" || above.facts.kind === "agent") break;
    if (usage(above) !== null) found.push(above);
  }
  return found;
}

/**
 * Two instrumentations of one call side by side (OpenLLMetry's LangChain and OpenAI under one parent): the outer one
 * spans the inner one in time, comes from another scope, and counts the same tokens.
 */
function besides(nodes: Node[]): Node[] {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    if (usage(node) === null || node.span.parentSpanId === "") continue;
    const key = `${node.span.traceId}:${node.span.parentSpanId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  const outer: Node[] = [];
  for (const group of groups.values()) {
    if (new Set(group.map((node) => node.reader.scope.name)).size < 2) continue;
    const sorted = group.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.end > b.end ? -1 : 1));
    sorted.forEach((node, index) => {
      const mine = usage(node);
      for (let i = index + 1; i < Math.min(sorted.length, index + 64); i += 1) {
        const inner = sorted[i];
        if (inner === undefined || inner.start > node.end) break;
        const theirs = usage(inner);
        const other = inner.reader.scope.name !== node.reader.scope.name && inner.end <= node.end;
        if (other && mine?.input === theirs?.input && mine?.output === theirs?.output) {
          outer.push(node);
          break;
        }
      }
    });
  }
  return outer;
}

/** Makes one call one model span: the innermost that counts tokens. Those around it become steps. */
export function countCallsOnce(nodes: Node[]): void {
  const outer = new Set(nodes.filter((node) => usage(node) !== null).flatMap(enclosingCalls));
  for (const node of besides(nodes.filter((candidate) => !outer.has(candidate)))) outer.add(node);
  for (const node of outer) node.facts.kind = "step";
}

/** One MCP call is seen by the agent, the client and the server; the outermost is the tool call. */
export function countToolsOnce(nodes: Node[]): void {
  const inner = nodes.filter((node) => {
    if (node.facts.kind !== "tool" || !node.reader.has("mcp.method.name")) return false;
    for (const above of ancestors(node)) {
      if (above.facts.kind === "agent" || above.facts.kind === "model") return false;
      if (above.facts.kind === "tool") return above.facts.tool === node.facts.tool;
    }
    return false;
  });
  for (const node of inner) node.facts.kind = "step";
}
