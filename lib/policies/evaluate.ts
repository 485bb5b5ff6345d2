import type { CelFacts } from "../platform/cel";
import type { DenyCode } from "./codes";
import type { Compiled, ListOf, PolicyRef } from "./compile";
import type { CatalogEntry, Effect, Validator } from "./schema";

/** What is asked, as far as a document can judge it. */
export type Call = {
  kind: "step" | "tool" | "model" | "memory" | "output";
  tool: string | null;
  connector: string | null;
  capability: string | null;
  credentialRef: string | null;
  effect: Effect | null;
  model: string | null;
  stage: string | null;
  memoryScope: string | null;
  inputTokens: number | null;
  args: unknown;
  facts: Record<string, unknown>;
  intent: { reason?: string; resources?: string[] } | null;
  scores: Record<string, number>;
  phase: "prepare" | "commit" | "rollback" | null;
};
/** Who asks, as far as a document may look at it. */
export type CallOf = {
  agentId: string;
  taskType: string;
  tenantId: string | null;
  runId: string;
  goal: string | null;
  /** Capabilities that the run was opened with; empty: any. */
  scope: readonly string[];
};

export type Refusal = { code: DenyCode; message: string; ref: PolicyRef | null; rule: string };
export type Ask = { rule: string; says: string; ref: PolicyRef | null };
/** What the documents say of one call. Pure: no state of the run, no switch, no time. */
export type Judged = {
  /** Goal, tool and capability: before anything else. */
  refusal: Refusal | null;
  /** Conditions and validators: after a replay. */
  condition: Refusal | null;
  asks: Ask[];
  /** HTTP validators to be asked first, as the machine stage of the ladder. */
  machines: Validator[];
  /** Roles of connectors and credentials: after people. */
  connector: Refusal | null;
  allowedBy: { ref: PolicyRef | null; rule: string };
  effect: Effect;
  connectorName: string | null;
  capability: string | null;
  entry: CatalogEntry | undefined;
  perMin: number | null;
};

const RANK: Record<Effect, number> = { read: 0, write: 1, irreversible: 2 };
/** The catalogue may only raise what a call says of itself; an uncatalogued tool that says nothing is a write. */
function effectOf(call: Call, entry: CatalogEntry | undefined): Effect {
  if (call.kind === "memory") return "write";
  if (call.kind !== "tool") return "read";
  const said = call.effect ?? entry?.effect ?? "write";
  const listed = entry?.effect ?? said;
  const strict = RANK[listed] > RANK[said] ? listed : said;
  return strict === "write" && entry?.reversible === false ? "irreversible" : strict;
}

const none = (lists: readonly ListOf[], value: string): ListOf | undefined => lists.find((l) => l.fits(value) === -1);
function some(lists: readonly ListOf[], value: string): { list: ListOf; at: number } | null {
  for (const list of lists) {
    const at = list.fits(value);
    if (at !== -1) return { list, at };
  }
  return null;
}

function permitted(policy: Compiled, call: Call, of: CallOf, capability: string | null): Refusal | null {
  const no = (code: DenyCode, message: string, list?: ListOf, rule = list?.key ?? ""): Refusal => ({
    code,
    message,
    ref: list?.ref ?? policy.ref,
    rule,
  });
  if (!policy.ref)
    return no(
      "no_policy",
      "No policy binds this agent, and the environment has no default document: everything is denied.",
    );
  if (call.kind === "tool") {
    const tool = call.tool ?? "";
    const denied = some(policy.deny, tool);
    if (denied) return no("tool_denied", `${tool} is denied.`, denied.list, `tools.deny[${denied.at}]`);
    if (policy.allow.length === 0 && policy.byCapability.length === 0)
      return no(
        "tool_not_allowed",
        `${tool} is not allowed: no document that binds here allows any tool.`,
        undefined,
        "tools.allow",
      );
    const outside = none(policy.allow, tool);
    if (outside)
      return no("tool_not_allowed", `${tool} is not among the tools that ${outside.ref.id} allows.`, outside);
    if (policy.allow.length === 0 && capability === null)
      return no(
        "tool_not_allowed",
        `${tool} names no capability, and ${policy.byCapability[0]?.ref.id} allows tools by capability alone.`,
        policy.byCapability[0],
      );
  }
  if (capability !== null) {
    const outside = none(policy.capabilities, capability);
    if (outside)
      return no(
        "capability_not_allowed",
        `${capability} is not among the capabilities that ${outside.ref.id} grants.`,
        outside,
      );
    if (of.scope.length > 0 && !of.scope.includes(capability))
      return no(
        "out_of_scope",
        `${capability} is outside the scope that this run was opened with.`,
        undefined,
        "run.scope",
      );
  }
  if (call.kind === "model") {
    const model = call.model ?? "";
    const denied = some(policy.models.deny, model);
    if (denied) return no("model_not_allowed", `${model} is denied.`, denied.list, `models.deny[${denied.at}]`);
    const outside = none(policy.models.allow, model);
    if (outside)
      return no("model_not_allowed", `${model} is not among the models that ${outside.ref.id} allows.`, outside);
    const route = policy.models.routes[call.stage ?? ""] ?? policy.models.routes[of.taskType];
    if (route && !route.includes(model))
      return no(
        "model_not_allowed",
        `${call.stage ?? of.taskType} is routed to ${route.join(", ")}.`,
        undefined,
        "models.routes",
      );
    if (policy.context.maxInput !== null && (call.inputTokens ?? 0) > policy.context.maxInput)
      return no(
        "context_budget",
        `${call.inputTokens} input tokens are more than the ${policy.context.maxInput} of one call. Summarise first.`,
        undefined,
        "context.max_input_tokens",
      );
  }
  if (call.kind === "memory") {
    const outside = none(policy.memory.scopes, call.memoryScope ?? "");
    if (outside) return no("memory_scope", `Memory of ${call.memoryScope ?? "no scope"} may not be written.`, outside);
  }
  return null;
}

function goalOf(policy: Compiled, call: Call, effect: Effect): { refusal: Refusal | null; ask: Ask | null } {
  if (call.kind !== "tool") return { refusal: null, ask: null };
  if (policy.goal.requireIntent && effect === "irreversible" && !call.intent?.reason)
    return {
      refusal: {
        code: "intent_required",
        message: "This cannot be undone: say why (intent.reason) and what it touches (intent.resources).",
        ref: policy.ref,
        rule: "goal.require_intent",
      },
      ask: null,
    };
  for (const resource of call.intent?.resources ?? []) {
    const outside = none(policy.goal.scope, resource);
    if (!outside) continue;
    const message = `${resource} is outside the goal's scope.`;
    if (policy.goal.outOfScope === "deny")
      return { refusal: { code: "out_of_goal", message, ref: outside.ref, rule: "goal.scope" }, ask: null };
    return { refusal: null, ask: { rule: "goal.scope", says: message, ref: outside.ref } };
  }
  return { refusal: null, ask: null };
}

const short = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function asksOf(policy: Compiled, call: Call, effect: Effect): Ask[] {
  const asks: Ask[] = [];
  if (call.kind === "tool" && call.phase !== "prepare" && effect === "irreversible" && policy.approvals.irreversible)
    asks.push({ rule: "approvals.irreversible", says: "This cannot be undone.", ref: policy.ref });
  const args = call.args as Record<string, unknown> | null;
  for (const t of policy.thresholds) {
    if (RANK[effect] < RANK[t.effect] || (t.effect === "read" && effect !== "read")) continue;
    if (call.kind !== "tool" && call.kind !== "memory") continue;
    const value = call.facts[t.fact] ?? (typeof args === "object" ? args?.[t.fact] : undefined);
    if (value === undefined || value === null || value === false || value === "") continue;
    if (t.above === null) asks.push({ rule: t.key, says: `${t.fact} is ${short(value)}.`, ref: t.ref });
    else if (typeof value !== "number" || !(value <= t.above))
      asks.push({ rule: t.key, says: `${t.fact} is ${short(value)}; above ${t.above} a person is asked.`, ref: t.ref });
  }
  return asks;
}

function conditionsOf(
  policy: Compiled,
  call: Call,
  cel: CelFacts,
): { refusal: Refusal | null; asks: Ask[]; machines: Validator[] } {
  const asks: Ask[] = [];
  const machines: Validator[] = [];
  let fence: Refusal | null = null;
  const act = (then: string, rule: string, says: string, ref: PolicyRef): Refusal | null => {
    if (then === "deny")
      return { code: rule.startsWith("validators") ? "validator" : "condition", message: says, ref, rule };
    if (then === "require_approval") asks.push({ rule, says, ref });
    else if (call.phase === null)
      fence ??= {
        code: "fence_required",
        message: `${says} Prepare it first (phase: prepare), then commit it.`,
        ref,
        rule,
      };
    return null;
  };
  for (const c of policy.conditions) {
    if (c.tool !== undefined && (call.tool === null || c.fits(call.tool) === -1)) continue;
    if (c.kind ? c.kind !== call.kind : c.tool === undefined && call.kind !== "tool") continue;
    const { holds, failed } = c.judge(cel);
    if (!holds) continue;
    const says = failed ? `${c.when}: could not be judged (${failed}).` : (c.message ?? `${c.when}.`);
    const refusal = act(c.then, c.key, says, c.ref);
    if (refusal) return { refusal, asks, machines };
  }
  for (const v of policy.validators) {
    if (call.kind !== "tool" || call.tool === null || v.fits(call.tool) === -1 || call.phase === "rollback") continue;
    if (v.url !== undefined) {
      machines.push(v);
      asks.push({ rule: v.key, says: v.message ?? "A validator looks at it first.", ref: v.ref });
      continue;
    }
    const { holds, failed } = v.judge(cel);
    if (holds && failed === null) continue;
    const says =
      v.message ?? (failed ? `${v.expression}: could not be judged (${failed}).` : `${v.expression} is not so.`);
    const refusal = act(v.on_fail, v.key, says, v.ref);
    if (refusal) return { refusal, asks, machines };
  }
  return { refusal: fence, asks, machines };
}

function connectorOf(policy: Compiled, call: Call, effect: Effect, name: string | null): Refusal | null {
  if (name === null || !policy.connectors) return null;
  const no = (code: DenyCode, message: string, rule: string): Refusal => ({ code, message, ref: policy.ref, rule });
  const connector = policy.connectors.get(name);
  if (!connector) return no("connector_not_allowed", `Connector ${name} is not granted here.`, "connectors");
  const rule = `connectors.${name}.role`;
  if (connector.role === "read-only" && effect !== "read")
    return no("connector_role", `Connector ${name} is read-only here; this is a ${effect} call.`, rule);
  if (connector.role === "write-limited" && effect === "irreversible")
    return no("connector_role", `Connector ${name} may write here, but nothing that cannot be undone.`, rule);
  const outside = call.credentialRef === null ? undefined : none(connector.credentials, call.credentialRef);
  if (outside) return no("credential_not_allowed", `${call.credentialRef} may not be used for ${name}.`, outside.key);
  return null;
}

/** Does an evaluator's finding keep this output from the user? A score that is asked for and missing counts as 0. */
function outputOf(policy: Compiled, call: Call): Refusal | null {
  if (call.kind !== "output") return null;
  for (const [name, least] of Object.entries(policy.output)) {
    const score = call.scores[name];
    if (score !== undefined && score >= least) continue;
    const message = score === undefined ? `No ${name} score came with it.` : `${name} is ${score}, below ${least}.`;
    return { code: "output_rejected", message, ref: policy.ref, rule: `output.${name}` };
  }
  return null;
}

/** The documents' word on one call. Pure: the same in the decision, the dry run and the page that tries a call. */
export function evaluate(policy: Compiled, call: Call, of: CallOf): Judged {
  const entry = call.tool === null ? undefined : policy.catalog.get(call.tool);
  const effect = effectOf(call, entry);
  const connectorName = entry?.connector ?? call.connector;
  const capability = entry?.capability ?? call.capability;
  const refusal = permitted(policy, call, of, capability);
  const allowed = call.kind === "tool" && call.tool !== null ? some(policy.allow, call.tool) : null;
  const base = {
    effect,
    connectorName,
    capability,
    entry,
    perMin: (connectorName === null ? undefined : policy.connectors?.get(connectorName)?.perMin) ?? null,
    allowedBy: {
      ref: allowed?.list.ref ?? policy.ref,
      rule: allowed ? `tools.allow[${allowed.at}]` : call.kind === "tool" ? "capabilities" : call.kind,
    },
  };
  if (refusal) return { ...base, refusal, condition: null, asks: [], machines: [], connector: null };
  const goal = goalOf(policy, call, effect);
  const cel = {
    args: call.args ?? {},
    facts: call.facts,
    run: { id: of.runId, task_type: of.taskType, tenant_id: of.tenantId, goal: of.goal, stage: call.stage },
    agent: { id: of.agentId },
  };
  const conditions = conditionsOf(policy, call, cel);
  return {
    ...base,
    refusal: goal.refusal ?? outputOf(policy, call),
    condition: conditions.refusal,
    asks: [...(goal.ask ? [goal.ask] : []), ...asksOf(policy, call, effect), ...conditions.asks],
    machines: conditions.machines,
    connector: connectorOf(policy, call, effect, connectorName),
  };
}

/** What safe mode leaves: allow ∩ safe_mode.allowed_tools, or what the environment says where no document does. */
export function safeModeAllows(policy: Compiled, call: Call, otherwise: readonly string[]): boolean {
  if (call.kind !== "tool") return call.kind !== "memory";
  const tool = call.tool ?? "";
  if (policy.safeMode.allowed.length === 0) return otherwise.includes(tool);
  return none(policy.safeMode.allowed, tool) === undefined;
}
