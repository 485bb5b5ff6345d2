import { z } from "zod";
import { callerId, reason } from "../platform/fields";
import { drillSchedule } from "./drills/shapes";

export * from "./drills/shapes";

export const MODES = ["run", "safe_mode", "pause", "stop"] as const;
export type Mode = (typeof MODES)[number];
export const SCOPE_KINDS = ["environment", "tenant", "agent", "task_type", "run", "tool", "connector"] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];
export const ON_STALE = ["continue", "safe_mode", "stop"] as const;
export type OnStale = (typeof ON_STALE)[number];

const revision = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The caller, as a poll names it. With `run_id` agent, tenant, task and ancestors come from the stored run. */
export const pollInput = z.strictObject({
  agent_id: callerId.optional(),
  tenant_id: callerId.optional(),
  task_type: callerId.optional(),
  run_id: callerId.optional(),
  instance_id: callerId.optional(),
  applied_revision: revision.optional(),
  wait_s: z.coerce
    .number()
    .min(0)
    .max(55)
    .optional()
    .describe("Hold the answer until something changes for this caller."),
});
export type PollInput = z.output<typeof pollInput>;

export const ackInput = z.strictObject({
  instance_id: callerId,
  applied_revision: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  agent_id: callerId.optional(),
  runs: z.array(callerId).max(1_000).optional(),
});

const scope = z.strictObject({ kind: z.enum(SCOPE_KINDS), key: callerId.nullish() }).superRefine((v, ctx) => {
  if (v.kind === "environment" && v.key)
    ctx.addIssue({ code: "custom", path: ["key"], message: "An environment switch takes no key." });
  if (v.kind !== "environment" && !v.key)
    ctx.addIssue({ code: "custom", path: ["key"], message: `Name the ${v.kind}.` });
});

export const setSwitchInput = z
  .strictObject({
    scope,
    mode: z.enum(["safe_mode", "pause", "stop"]),
    reason,
    expires_in_s: z
      .number()
      .int()
      .min(1)
      .max(366 * 86_400)
      .optional()
      .describe("When a pause or safe mode lapses. A stop never lapses: for it this is the date to look again."),
  })
  .superRefine((v, ctx) => {
    if ((v.scope.kind === "tool" || v.scope.kind === "connector") && v.mode !== "stop")
      ctx.addIssue({ code: "custom", path: ["mode"], message: `A ${v.scope.kind} can only be stopped.` });
  });
export type SetSwitch = z.output<typeof setSwitchInput>;

export const previewInput = z.strictObject({ kind: z.enum(SCOPE_KINDS), key: callerId.optional() });
export const switchInput = z.strictObject({ switch_id: callerId });
export const releaseInput = z.strictObject({ switch_id: callerId, reason });
export const listSwitchesInput = z.strictObject({
  active: z.enum(["true", "false"]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(400).optional(),
});
export const settingsBody = z.strictObject({
  ttl_s: z.number().int().min(5).max(3_600).optional().describe("How long an agent may act on what it last heard."),
  on_stale: z.enum(ON_STALE).optional(),
  poll_after_s: z.number().int().min(1).max(300).optional(),
  safe_mode_tools: z.array(callerId).max(500).optional().describe("Tools that safe mode leaves, where no policy says."),
  drill: drillSchedule.nullable().optional().describe("Which agent is stopped on schedule, to prove that it can be."),
});
export const configureInput = settingsBody;
export const nothing = z.strictObject({});

export const directiveShape = z.object({
  switch_id: z.string(),
  scope: z.object({ kind: z.enum(SCOPE_KINDS), key: z.string().nullable() }),
  mode: z.enum(MODES),
  reason: z.string(),
});
export const controlShape = z.object({
  revision: z.number(),
  mode: z.enum(MODES),
  reason: z.string().nullable(),
  set_by: z.string().nullable(),
  set_at: z.string().nullable(),
  until: z.string().nullable(),
  directives: z.array(directiveShape),
  safe_mode: z.object({ allowed_tools: z.array(z.string()) }),
  blocked_tools: z.array(z.string()),
  blocked_connectors: z.array(z.string()),
  policy_revision: z.number(),
  ttl_s: z.number(),
  on_stale: z.enum(ON_STALE),
  poll_after_s: z.number(),
});
export type ControlShape = z.output<typeof controlShape>;

export const switchShape = z.object({
  switch_id: z.string(),
  scope: z.object({ kind: z.enum(SCOPE_KINDS), key: z.string().nullable() }),
  mode: z.enum(MODES),
  reason: z.string(),
  revision: z.number(),
  set_at: z.string(),
  set_by: z.string().describe("E-mail of the person."),
  set_by_name: z.string(),
  expires_at: z.string().nullable(),
  due_at: z.string().nullable().describe("Of a stop: when somebody should look again. It never lapses."),
  released_at: z.string().nullable(),
  released_by: z.string().nullable(),
  release_reason: z.string().nullable(),
  requested: z.object({ runs: z.number(), instances: z.number() }),
  confirmed: z
    .object({ runs: z.number(), instances: z.number() })
    .describe("Runs that have obeyed, instances that have seen it."),
});
export type SwitchShape = z.output<typeof switchShape>;

export const INSTANCE_STATES = ["requested", "seen", "confirmed", "lost"] as const;
export const propagationShape = z.object({
  switch: switchShape,
  requested_at: z.string(),
  instances: z.array(
    z.object({
      instance_id: z.string(),
      agent_id: z.string().nullable(),
      seen_at: z.string().nullable(),
      lag_ms: z.number().nullable(),
      last_heard_at: z.string(),
      state: z.enum(INSTANCE_STATES),
      gate: z.enum(["enforced", "cooperative"]),
    }),
  ),
  runs: z.object({
    requested: z.number(),
    seen: z.number(),
    confirmed: z.number(),
    outstanding: z.array(
      z.object({
        run_id: z.string(),
        agent_id: z.string(),
        instance_id: z.string().nullable(),
        state: z.enum(["requested", "seen", "lost"]),
        last_activity_at: z.string(),
      }),
    ),
    unconfirmable: z.array(z.object({ run_id: z.string(), agent_id: z.string(), status: z.string() })),
    confirmed_lag_ms: z.array(z.number()).describe("One per confirmed run, ascending."),
  }),
});
export type PropagationShape = z.output<typeof propagationShape>;

export const previewShape = z.object({
  runs: z.number(),
  instances: z.number(),
  agents: z.array(
    z.object({
      agent_id: z.string(),
      gate: z.enum(["enforced", "cooperative"]),
      runs: z.number(),
      instances: z.number(),
      lost_instances: z.number(),
      usual_lag_ms: z.number().nullable().describe("Median of what its instances took for past switches."),
      last_heard_at: z.string().nullable(),
    }),
  ),
});
export type PreviewShape = z.output<typeof previewShape>;

export const stateShape = z.object({
  revision: z.number(),
  mode: z.enum(MODES).describe("Of the environment itself."),
  stopping: z
    .object({ switch_id: z.string(), confirmed: z.number(), requested: z.number() })
    .nullable()
    .describe("An environment-wide stop that has not been confirmed everywhere yet."),
  switches: z.array(switchShape),
  settings: z.object({
    ttl_s: z.number(),
    on_stale: z.enum(ON_STALE),
    poll_after_s: z.number(),
    safe_mode_tools: z.array(z.string()),
  }),
  drill: drillSchedule.extend({ next_at: z.string() }).nullable().describe("The schedule of drills."),
  obedience: z.object({
    seen: z.number(),
    lagging: z.array(z.object({ instance_id: z.string(), silent_s: z.number() })),
    lost: z.array(z.object({ instance_id: z.string(), silent_s: z.number() })),
  }),
});
export type StateShape = z.output<typeof stateShape>;
