import { z } from "zod";
import { ROLES } from "../platform/authz";
import { callerId, text } from "../platform/fields";

/**
 * A policy document, key by key. Strict at every level: an unknown key is an error with its path. All keys are optional;
 * `effective.ts` says how several documents meet and what holds where none speaks.
 */
const pattern = callerId.describe("A name; * stands for any characters, dots included.");
const names = z.array(pattern).max(1_000);
const count = z.number().int().min(0).max(1_000_000_000);
const seconds = z
  .number()
  .positive()
  .max(7 * 86_400);
const share = z.number().min(0).max(1);

export const POLICY_STATES = ["draft", "observe", "enforce", "retired"] as const;
export type PolicyState = (typeof POLICY_STATES)[number];
export const EFFECTS = ["read", "write", "irreversible"] as const;
export type Effect = (typeof EFFECTS)[number];
export const CONNECTOR_ROLES = ["read-only", "write-limited", "full"] as const;
export type ConnectorRole = (typeof CONNECTOR_ROLES)[number];

const binding = z
  .strictObject({
    agent_id: pattern.optional(),
    task_type: pattern.optional(),
    tenant_id: pattern.optional(),
    environment: z.literal(true).optional().describe("Everybody whom no other document binds: the default document."),
  })
  .refine((b) => Object.keys(b).length > 0, "Names an agent_id, task_type, tenant_id or environment.")
  .refine((b) => !b.environment || Object.keys(b).length === 1, "environment stands alone.");

const cel = text(2_000).pipe(z.string().trim().min(1)).describe("CEL over args, facts, run, agent.");

const idempotency = z.strictObject({
  scope: z.enum(["run", "agent", "tenant"]).default("run"),
  window_s: seconds.optional().describe("How long the same call is the same write; for ever where absent."),
});
const catalogEntry = z.strictObject({
  effect: z.enum(EFFECTS).optional().describe("May only raise what a call says of itself."),
  reversible: z.boolean().optional(),
  connector: callerId.optional(),
  capability: callerId.optional(),
  description: text(500).optional(),
  output_schema: z
    .union([z.record(z.string(), z.unknown()), z.boolean()])
    .optional()
    .describe("JSON Schema of what the tool answers; what does not fit is tool_output_invalid."),
  compensation: callerId.optional().describe("The tool that undoes it."),
  idempotency: idempotency.optional(),
});
const retries = z.strictObject({
  max_attempts: z.number().int().min(1).max(20).optional(),
  retryable_status: z.array(z.number().int().min(100).max(599)).max(50).optional(),
  backoff_ms: z.array(count.max(3_600_000)).max(20).optional(),
});
const breakers = z.strictObject({
  enabled: z.boolean().optional(),
  failure_threshold: z.number().int().min(1).max(100).optional(),
  window_seconds: z.number().positive().max(3_600).optional(),
  open_seconds: z.number().positive().max(3_600).optional().describe("Before one probe is let through."),
});
const toolBudget = z.strictObject({ max_calls: count.optional(), max_retries: count.optional() });
const tools = z.strictObject({
  allow: names.optional(),
  deny: names.optional(),
  idempotency_required: names.optional().describe("Tools that hand the idempotency key downstream."),
  timeouts_s: z.record(callerId, seconds).optional().describe("Per tool; `default` for the rest."),
  retries: retries.optional(),
  circuit_breakers: breakers.optional(),
  budgets: z.record(callerId, toolBudget).optional().describe("Per tool and run."),
  catalog: z.record(callerId, catalogEntry).optional(),
});

export const CONDITION_THEN = ["deny", "require_approval", "require_fence"] as const;
const condition = z.strictObject({
  tool: pattern.optional(),
  kind: z.enum(["step", "tool", "model", "memory", "output"]).optional(),
  when: cel,
  then: z.enum(CONDITION_THEN),
  message: text(300).optional(),
});
const validator = z
  .strictObject({
    tool: pattern,
    expression: cel.optional().describe("Must be true of the call."),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Asked as the first, machine stage of the ladder, 5 s."),
    on_fail: z.enum(CONDITION_THEN).default("require_approval"),
    message: text(300).optional(),
  })
  .refine((v) => (v.expression === undefined) !== (v.url === undefined), "Has an expression or a url.");

export const SOFT_THEN = ["alert", "downgrade", "safe_mode"] as const;
const budgets = z.strictObject({
  max_steps: count.optional(),
  max_seconds: z
    .number()
    .positive()
    .max(366 * 86_400)
    .optional(),
  max_tool_calls: count.optional(),
  max_usd: z.number().min(0).max(1_000_000_000).optional(),
  max_tokens: z.number().int().min(0).max(1_000_000_000_000).optional(),
  max_unique_calls: count.optional(),
  max_depth: count.optional(),
  max_children: count.optional(),
  max_concurrent_runs: count.optional().describe("Of one agent."),
  soft: z.strictObject({ at: share, then: z.enum(SOFT_THEN).default("alert") }).optional(),
});
const ladderStage = z
  .strictObject({
    name: text(60).optional(),
    roles: z.array(z.enum(ROLES)).max(ROLES.length).optional(),
    people: z.array(z.email().toLowerCase()).max(50).optional(),
    quorum: z.number().int().min(1).max(20).default(1),
    timeout_s: seconds.default(3_600),
    remind_after_s: seconds.optional(),
    on_timeout: z
      .enum(["escalate", "expire"])
      .default("escalate")
      .describe("escalate: the next stage is asked instead."),
  })
  .refine((v) => (v.people?.length ?? 0) === 0 || (v.roles?.length ?? 0) > 0 || v.quorum <= (v.people?.length ?? 0), {
    message: "Asks for more votes than it names people.",
    path: ["quorum"],
  });

const modelRoutes = z.record(callerId, names).describe("Task class (a stage, else the task type) → models it may use.");

const documentBody = {
  policy_id: callerId.optional(),
  description: text(1_000).optional(),
  state: z.enum(POLICY_STATES).optional(),
  bindings: z.array(binding).max(200).optional(),
  capabilities: names.optional(),
  connectors: z
    .record(
      callerId,
      z.strictObject({
        role: z.enum(CONNECTOR_ROLES).optional(),
        rate_limit_per_min: count.max(100_000).optional(),
        credentials: names.optional().describe("credential_ref that calls may use."),
      }),
    )
    .optional(),
  approval_thresholds: z
    .record(
      z.string().regex(/^(read|write|irreversible):[\w.-]{1,100}$/, "Looks like write:size_mb."),
      z.union([z.number(), z.array(z.literal("requires_approval")).min(1)]),
    )
    .optional()
    .describe("effect:fact → the number above which, or the mark by which, a person is asked."),
  tools: tools.optional(),
  conditions: z.array(condition).max(200).optional(),
  validators: z.array(validator).max(100).optional(),
  validation: z
    .strictObject({
      input: z.strictObject({ strict: z.boolean().optional() }).optional(),
      output: z.strictObject({ fail_closed: z.boolean().optional() }).optional(),
    })
    .optional(),
  logging: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error"]).optional(),
      structured: z.boolean().optional(),
      include: z.array(text(60)).max(50).optional(),
      redact: z.array(text(60)).max(200).optional(),
    })
    .optional(),
  budgets: budgets.optional(),
  loop_detection: z
    .strictObject({
      repeated_calls_threshold: z.number().int().min(1).max(1_000_000).optional(),
      no_progress_threshold: z.number().int().min(1).max(1_000_000).optional(),
      exempt_tools: names.optional().describe("Polling and the like: repetition is their work."),
    })
    .optional(),
  output: z.record(callerId, share).optional().describe("Score → the least that an output must have."),
  stages: z
    .record(callerId, z.strictObject({ max_tokens: count.optional(), max_usd: z.number().min(0).optional() }))
    .optional(),
  models: z
    .strictObject({
      allow: names.optional(),
      deny: names.optional(),
      routes: modelRoutes.optional(),
      downgrade: z.record(callerId, callerId).optional().describe("Beyond the soft limit: model → the one to use."),
      unpriced: z
        .enum(["deny", "allow"])
        .optional()
        .describe("A model whose price nobody knows, under a cap in dollars."),
    })
    .optional(),
  context: z.strictObject({ max_input_tokens: count.optional(), summarize_above: count.optional() }).optional(),
  memory: z
    .strictObject({ max_writes: count.optional(), max_bytes: count.optional(), scopes: names.optional() })
    .optional(),
  goal: z
    .strictObject({
      scope: names.optional().describe("Resources that a stated intent may touch."),
      require_intent: z.boolean().optional().describe("Irreversible calls must say why and what they touch."),
      out_of_scope: z.enum(["deny", "require_approval"]).optional(),
    })
    .optional(),
  approvals: z
    .strictObject({
      ladder: z.array(ladderStage).min(1).max(8).optional(),
      irreversible: z.boolean().optional().describe("Does every irreversible call ask a person?"),
      expires_s: seconds.optional(),
      max_pending: z.number().int().min(1).max(10_000).optional().describe("Of one agent at a time; more wait."),
      break_glass: z.strictObject({ roles: z.array(z.enum(ROLES)).max(ROLES.length) }).optional(),
    })
    .optional(),
  safe_mode: z.strictObject({ enabled: z.boolean().optional(), allowed_tools: names.optional() }).optional(),
  on_stale: z.enum(["continue", "safe_mode", "stop"]).optional(),
};

export const policyDocument = z.strictObject(documentBody).superRefine((doc, ctx) => {
  const say = (path: PropertyKey[], message: string) => ctx.addIssue({ code: "custom", path, message });
  const { tools: t, budgets: b, context: c, memory: m } = doc;
  for (const name of t?.allow ?? [])
    if (t?.deny?.includes(name)) say(["tools", "allow"], `${name} is allowed and denied; a deny beats an allow.`);
  for (const name of doc.models?.allow ?? [])
    if (doc.models?.deny?.includes(name)) say(["models", "allow"], `${name} is allowed and denied.`);
  if (b?.max_unique_calls !== undefined && b.max_tool_calls !== undefined && b.max_unique_calls > b.max_tool_calls)
    say(["budgets", "max_unique_calls"], "More unique calls than calls in all: it can never be reached.");
  if (c?.summarize_above !== undefined && c.max_input_tokens !== undefined && c.summarize_above > c.max_input_tokens)
    say(["context", "summarize_above"], "Above max_input_tokens: it would be refused before it is summarised.");
  if (m?.max_writes === 0 && (m.max_bytes ?? 0) > 0)
    say(["memory", "max_bytes"], "No write is allowed, but bytes are.");
  for (const [from, to] of Object.entries(doc.models?.downgrade ?? {}))
    if (from === to) say(["models", "downgrade", from], "Becomes itself.");
  for (const [name, stage] of Object.entries(doc.stages ?? {}))
    if (b?.max_tokens !== undefined && (stage.max_tokens ?? 0) > b.max_tokens)
      say(["stages", name, "max_tokens"], "More than the whole run may use (budgets.max_tokens).");
  const allowed = doc.safe_mode?.allowed_tools;
  for (const [n, name] of (allowed ?? []).entries())
    if (t?.deny?.includes(name)) say(["safe_mode", "allowed_tools", n], `${name} is denied by tools.deny.`);
});
export type PolicyDocument = z.output<typeof policyDocument>;
export type Binding = z.output<typeof binding>;
export type LadderStage = z.output<typeof ladderStage>;
export type CatalogEntry = z.output<typeof catalogEntry>;
export type Condition = z.output<typeof condition>;
export type Validator = z.output<typeof validator>;
export const bindings = z.array(binding).max(200);

const id = callerId.describe("Name of the policy, in the path.");
export const nothing = z.strictObject({});
export const policyInput = z.strictObject({ policy_id: id });
export const rollBackInput = z.strictObject({
  policy_id: id,
  version: z.number().int().min(1),
  note: text(300).optional(),
  state: z.enum(["draft", "observe", "enforce"]).default("enforce"),
});
export const stateInput = z.strictObject({ policy_id: id, state: z.enum(POLICY_STATES), note: text(300).optional() });
export const bindInput = z.strictObject({ policy_id: id, bindings, note: text(300).optional() });
export const effectiveInput = z.strictObject({
  agent_id: callerId.optional(),
  task_type: callerId.optional(),
  tenant_id: callerId.optional(),
});
export const diffInput = z.strictObject({
  policy_id: id,
  from: z.coerce.number().int().min(1),
  to: z.coerce.number().int().min(1),
});

const policyRef = z.object({ policy_id: z.string(), version: z.number() });
export const policyShape = z.object({
  policy_id: z.string(),
  description: z.string().nullable(),
  latest_version: z.number(),
  latest_state: z.enum(POLICY_STATES),
  enforced_version: z.number().nullable(),
  observed_version: z.number().nullable(),
  bindings: z.array(bindingShape()).describe("Of the version in force, else of the latest."),
  updated_at: z.string(),
  updated_by: z.string(),
  decisions_24h: z.number(),
  denied_24h: z.number(),
});
export type PolicyShape = z.output<typeof policyShape>;
export const policyVersionShape = z.object({
  policy_id: z.string(),
  version: z.number(),
  state: z.enum(POLICY_STATES).describe("As it stands now: of enforced versions only the newest is in force."),
  document: z.record(z.string(), z.unknown()),
  source: z.string().describe("As it was sent, byte for byte."),
  format: z.enum(["json", "yaml"]),
  note: z.string().nullable(),
  author: z.string(),
  created_at: z.string(),
});
export type PolicyVersionShape = z.output<typeof policyVersionShape>;
export const lineShape = z.object({
  key: z.string(),
  value: z.unknown(),
  from: z.array(policyRef).describe("Empty: nobody says it, the safe value holds."),
  how: z.string(),
  set_aside: z.array(policyRef.extend({ value: z.unknown() })),
});
export const effectiveShape = z.object({
  policy_revision: z.number(),
  documents: z.array(policyRef.extend({ state: z.enum(["enforce", "observe"]), description: z.string().nullable() })),
  mode: z.enum(["enforce", "observe", "none"]).describe("none: no document binds, everything is denied."),
  lines: z.array(lineShape),
});
export type EffectiveShape = z.output<typeof effectiveShape>;
/** What changed between two documents, key by key. */
export const diffShape = z.array(
  z.object({
    path: z.string(),
    kind: z.enum(["added", "removed", "changed"]),
    before: z.unknown(),
    after: z.unknown(),
  }),
);
export type DiffShape = z.output<typeof diffShape>;

function bindingShape() {
  return z.object({
    agent_id: z.string().optional(),
    task_type: z.string().optional(),
    tenant_id: z.string().optional(),
    environment: z.boolean().optional(),
  });
}
