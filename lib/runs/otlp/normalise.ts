import type { NormalSpan, SpanRejection, Tokens } from "../span";
import { keptAttributes, keptEvents } from "./attributes";
import { countCallsOnce, countToolsOnce } from "./calls";
import { readFacts } from "./conventions";
import type { TokenFacts } from "./facts";
import { endpointOf, environmentOf, httpStatusOf, providerOf, resourceText, short } from "./fields";
import { argsFingerprint, argsHash, preview } from "./fingerprint";
import { SpanReader } from "./reader";
import { signalsOf } from "./signals";
import { outcome } from "./status";
import { linkToolCalls } from "./tool-calls";
import { inherited, linkParents, type Node, spanKey } from "./trace";
import type { OtlpRequest } from "./types";
import { endNano, parentId, rejection } from "./validate";

/** Counts the same whatever their sender leaves out: the input includes the cached and written part. */
export function tokensOf(facts: TokenFacts | undefined): Tokens | null {
  const { input, output, total, cached, cacheWrite, reasoning } = facts ?? {};
  if ((input ?? output ?? total ?? null) === null) return null;
  const cache = (cached ?? 0) + (cacheWrite ?? 0);
  const base = input ?? Math.max(0, (total ?? 0) - (output ?? 0));
  // More cached than read, or a total that holds them beside the input, proves that the input left them out.
  const apart = cache > base || (cache > 0 && total === base + (output ?? 0) + cache);
  const parts = {
    input: facts?.exclusive === true || apart ? base + cache : base,
    output: output ?? 0,
    cached: cached ?? 0,
    cacheWrite: cacheWrite ?? 0,
    reasoning: reasoning ?? 0,
  };
  const whole = (value: number): number => Math.min(Math.round(value), 2_147_483_647);
  return {
    input: whole(parts.input),
    output: whole(parts.output),
    cached: whole(parts.cached),
    cacheWrite: whole(parts.cacheWrite),
    reasoning: whole(parts.reasoning),
  };
}

function collect(request: OtlpRequest, now: Date): { nodes: Node[]; rejected: SpanRejection[] } {
  const nodes = new Map<string, Node>();
  const rejected: SpanRejection[] = [];
  request.resourceSpans.forEach((resourceSpans, i) => {
    resourceSpans.scopeSpans.forEach((scopeSpans, j) => {
      scopeSpans.spans.forEach((span, k) => {
        const refused = rejection(span, `resourceSpans[${i}].scopeSpans[${j}].spans[${k}]`, now);
        if (refused !== null) {
          rejected.push(refused);
          return;
        }
        const reader = new SpanReader(span, resourceSpans.resource, scopeSpans.scope);
        const start = BigInt(span.startTimeUnixNano);
        const end = BigInt(endNano(span) ?? start);
        const key = `${spanKey(span)}:${span.startTimeUnixNano}`;
        const known = nodes.get(key);
        if (known !== undefined && known.end >= end) return;
        nodes.set(key, { span, reader, ...readFacts(reader), parent: null, start, end });
      });
    });
  });
  return { nodes: [...nodes.values()], rejected };
}

type Inherit = {
  [K in "agent" | "weak" | "version" | "run" | "conversation" | "task" | "tenant"]: ReturnType<typeof inherited>;
};

function agentOf(node: Node, inherit: Inherit): { name: string | null; from: string | null } {
  const named = inherit.agent(node);
  const weak = inherit.weak(node);
  const said = named.near ?? resourceText(node, "interlock.agent.id", "agent.id", "gen_ai.agent.name", "agent.name");
  const name = said ?? named.common.outermost ?? weak.near ?? weak.common.outermost;
  if (name !== null) return { name, from: null };
  const service = resourceText(node, "service.name");
  return { name: service, from: service === null ? null : "service.name" };
}

function build(node: Node, inherit: Inherit, denied: Set<Node>): NormalSpan {
  const { span, facts } = node;
  const kind = facts.kind ?? "other";
  const isTool = kind === "tool";
  const ended = outcome(span, facts);
  const agent = agentOf(node, inherit);
  const hasArgs = facts.args !== undefined && (isTool || kind === "message");
  const hasResult = facts.result !== undefined && facts.result !== null;
  const ours: Record<string, unknown> = {};
  if (ended.suspended) ours.suspended = true;
  if (denied.has(node)) ours.denied = true;
  if (agent.from !== null) ours["interlock.agent_from"] = agent.from;
  const promptHash = node.reader.text("prompt.hash", "prompt_hash", "interlock.prompt_hash");
  const decisionId = node.reader.text("interlock.decision.id", "interlock.decision_id", "decision.id", "decision_id");
  const httpStatus = httpStatusOf(node.reader);
  const near = (pick: ReturnType<typeof inherited>, ...resource: string[]): string | null => {
    const found = pick(node);
    return short(found.near ?? resourceText(node, ...resource) ?? found.common.only);
  };
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: parentId(span),
    runId: near(inherit.run, "interlock.run.id", "interlock.run_id", "acp.run.id", "run.id"),
    conversationId: near(inherit.conversation, "interlock.conversation.id", "gen_ai.conversation.id", "session.id"),
    kind,
    name: short(span.name, 500) ?? "unnamed",
    agentId: short(agent.name),
    agentVersion: near(inherit.version, "gen_ai.agent.version", "interlock.agent.version"),
    taskType: near(inherit.task, "interlock.task.type", "task.type", "task_type"),
    tenantId: near(inherit.tenant, "interlock.tenant_id", "tenant.id", "tenant_id"),
    deploymentEnv: short(environmentOf(node)),
    to: kind === "message" ? short(facts.to) : null,
    tool: isTool ? (short(facts.tool) ?? short(span.name)) : null,
    toolCallId: isTool ? short(facts.toolCallId) : null,
    model: short(facts.model),
    provider: providerOf(facts.provider),
    status: ended.status,
    errorType: ended.errorType,
    errorMessage: ended.errorMessage,
    argsHash: hasArgs ? argsHash(facts.args) : null,
    argsFingerprint: hasArgs ? argsFingerprint(facts.args) : null,
    resultHash: hasResult ? argsHash(facts.result) : null,
    argsPreview: hasArgs ? preview(facts.args) : null,
    resultPreview: hasResult ? preview(facts.result) : null,
    tokens: kind === "model" ? tokensOf(facts.tokens) : null,
    costUsd: kind === "model" || isTool ? (facts.costUsd ?? null) : null,
    finishReasons: (facts.finishReasons ?? []).slice(0, 8).map((reason) => short(reason, 100) ?? ""),
    httpStatus,
    endpoint: endpointOf(node.reader),
    promptHash: short(promptHash, 200),
    decisionId: short(decisionId, 200),
    startNano: span.startTimeUnixNano,
    endNano: endNano(span),
    convention: node.convention,
    scopeName: short(node.reader.scope.name),
    scopeVersion: short(node.reader.scope.version),
    droppedAttributes: span.droppedAttributesCount,
    attributes: keptAttributes(span, node.reader.resource, node.reader.used, ours),
    events: keptEvents(span.events),
    signals: signalsOf(kind, isTool || kind === "message" ? facts.args : null, facts.result),
  };
}

/**
 * Spans in our own words, whatever convention they came in, in the request's order, and one rejection for each span
 * that cannot be used; valid ones beside it stay. Duplicates are kept once, the later end winning. Pure, never throws.
 */
export function normalise(request: OtlpRequest, now: Date): { spans: NormalSpan[]; rejected: SpanRejection[] } {
  const { nodes, rejected } = collect(request, now);
  linkParents(nodes);
  countCallsOnce(nodes);
  countToolsOnce(nodes);
  linkToolCalls(nodes);
  const denied = new Set<Node>();
  for (const node of nodes) {
    if (node.facts.denied === true && node.parent?.facts.kind === "tool") denied.add(node.parent);
  }
  const inherit: Inherit = {
    agent: inherited(nodes, (node) => node.facts.agent),
    weak: inherited(nodes, (node) => node.facts.weakAgent),
    version: inherited(nodes, (node) => node.facts.agentVersion),
    run: inherited(nodes, (node) => node.facts.runId),
    conversation: inherited(nodes, (node) => node.facts.conversation),
    task: inherited(nodes, (node) => node.facts.taskType),
    tenant: inherited(nodes, (node) => node.facts.tenant),
  };
  return { spans: nodes.map((node) => build(node, inherit, denied)), rejected };
}
