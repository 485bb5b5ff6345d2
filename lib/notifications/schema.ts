import { z } from "zod";
import { callerId, text } from "../platform/fields";
import { pageInput } from "../platform/page";

export const TOPICS = ["alerts", "approvals", "incidents", "controls", "budgets", "readiness"] as const;
export type NotifyTopic = (typeof TOPICS)[number];
export const SEVERITIES = ["info", "warning", "high", "critical"] as const;
export type NotifySeverity = (typeof SEVERITIES)[number];
export const EVENTS = ["opened", "reminder", "updated", "resolved"] as const;
export type NotifyEvent = (typeof EVENTS)[number];
export const CHANNEL_KINDS = ["slack", "webhook", "email", "pagerduty"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
export const DELIVERY_STATES = ["queued", "sent", "failed", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";
/** What a channel takes where nobody says: all of it, and a pager only what must wake somebody. */
export const topicsOf = (kind: ChannelKind): NotifyTopic[] =>
  kind === "pagerduty" ? ["alerts", "incidents"] : [...TOPICS];

export const channelSlug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/, "Small letters, digits, dots, dashes, at most 100.")
  .describe("Name of the channel, in the path.");
export const channelAddress = z
  .url({ protocol: /^https?$/, error: "An http:// or https:// address." })
  .max(2_000)
  .refine((v) => !URL.canParse(v) || (new URL(v).username === "" && new URL(v).password === ""), {
    error: "No name or password in the address: use the secret.",
  });
const printable = (min: number) =>
  z
    .string()
    .min(min)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, "Printable characters without spaces.");

/** What a channel of any kind says of itself. */
export const channelFields = {
  kind: z.enum(CHANNEL_KINDS),
  name: text(100).pipe(z.string().trim().min(1, "A name is required.")),
  enabled: z.boolean().default(true),
  min_severity: z.enum(SEVERITIES).default("info").describe("Only messages at least this severe."),
  topics: z
    .array(z.enum(TOPICS))
    .min(1, "At least one topic.")
    .max(TOPICS.length)
    .optional()
    .describe("Without it: all, and of pagerduty alerts and incidents."),
  agent_ids: z.array(callerId).max(100).default([]).describe("Patterns with *; empty: any agent."),
  to: z
    .array(z.email("Not an e-mail address.").max(200))
    .min(1, "At least one address.")
    .max(50)
    .optional()
    .describe("email: whom to."),
};

/** Which fields say where a channel of this kind leads. */
const FIELDS: Record<ChannelKind, readonly string[]> = {
  slack: ["url"],
  webhook: ["url", "secret", "renew_secret"],
  email: ["to"],
  pagerduty: ["routing_key", "url"],
};
const OWN = ["url", "secret", "renew_secret", "to", "routing_key"] as const;

export const putChannelInput = z
  .strictObject({
    slug: channelSlug,
    ...channelFields,
    url: channelAddress
      .optional()
      .describe("slack, webhook, pagerduty: where to. Kept where it is left out; of Slack it is never shown again."),
    secret: printable(16).optional().describe("webhook: signs each body. Made, and shown once, where there is none."),
    renew_secret: z.boolean().optional().describe("webhook: make a new secret, shown once."),
    routing_key: printable(8).optional().describe("pagerduty: integration key of Events API v2. Never shown again."),
  })
  .superRefine((c, ctx) => {
    for (const field of OWN)
      if (c[field] !== undefined && !FIELDS[c.kind].includes(field))
        ctx.addIssue({ code: "custom", path: [field], message: `A channel of kind ${c.kind} has no ${field}.` });
    if (c.secret !== undefined && c.renew_secret)
      ctx.addIssue({ code: "custom", path: ["renew_secret"], message: "Bring a secret, or have one made: not both." });
  });
export type ChannelInput = z.output<typeof putChannelInput>;
export const channelInput = z.strictObject({ slug: channelSlug });
export const deleteChannelInput = z.strictObject({ slug: channelSlug, reason: text(1_000).optional() });
export const listChannelsInput = z.strictObject({});
export const deliveryInput = z.strictObject({ delivery_id: callerId });
export const listDeliveriesInput = z.strictObject({
  ...pageInput,
  channel: callerId.optional(),
  state: z.enum(DELIVERY_STATES).optional(),
  topic: z.enum([...TOPICS, "test"]).optional(),
});

export const channelShape = z.object({
  slug: z.string(),
  kind: z.enum(CHANNEL_KINDS),
  name: z.string(),
  enabled: z.boolean(),
  min_severity: z.enum(SEVERITIES),
  topics: z.array(z.enum(TOPICS)),
  agent_ids: z.array(z.string()),
  url: z.string().nullable().describe("Without its query; of Slack its host alone."),
  to: z.array(z.string()),
  secret_tail: z.string().nullable().describe("The last four characters of what is kept sealed."),
  problem: z.string().nullable().describe("Why nothing can be sent by it as things stand."),
  revision: z.number(),
  updated_by: z.string(),
  updated_at: z.string(),
  last: z
    .object({
      state: z.enum(DELIVERY_STATES),
      at: z.string(),
      last_error: z.string().nullable(),
      last_status: z.number().nullable(),
    })
    .nullable()
    .describe("The newest delivery."),
  day: z
    .object({ sent: z.number(), waiting: z.number(), failed: z.number(), dead: z.number() })
    .describe("Deliveries of the last 24 hours: sent, not tried yet, failed and tried again, given up."),
});
export type ChannelShape = z.output<typeof channelShape>;
export const channelsShape = z.object({ items: z.array(channelShape), next_cursor: z.null() });
export const channelWrittenShape = channelShape.extend({
  secret: z.string().nullable().describe("A secret that was made by this call: shown once."),
  audit_row: z.number(),
});
export type ChannelWritten = z.output<typeof channelWrittenShape>;

export const deliveryShape = z.object({
  delivery_id: z.string(),
  channel: z.string(),
  topic: z.enum([...TOPICS, "test"]),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  next_at: z.string().nullable().describe("When it is tried next."),
  last_error: z.string().nullable(),
  last_status: z.number().nullable(),
  answer_ms: z.number().nullable(),
  created_at: z.string(),
  sent_at: z.string().nullable(),
  severity: z.enum(SEVERITIES).nullable().describe("null: a digest, before it is sent."),
  event: z.enum(EVENTS).nullable(),
  title: z.string(),
  text: z.string(),
  path: z.string().nullable().describe("Path of the console after the environment."),
  agent_id: z.string().nullable(),
  dedupe_key: z.string().nullable(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  digest_id: z.string().nullable().describe("The digest that told it, where too much came at once."),
  messages: z.number().describe("1; of a digest how many it tells."),
});
export type DeliveryShape = z.output<typeof deliveryShape>;
export const deliveriesShape = z.object({ items: z.array(deliveryShape), next_cursor: z.string().nullable() });
export const testShape = z.object({
  delivery_id: z.string(),
  state: z.enum(DELIVERY_STATES),
  last_status: z.number().nullable(),
  last_error: z.string().nullable(),
  answer_ms: z.number().nullable(),
  audit_row: z.number(),
});
export type TestShape = z.output<typeof testShape>;
export const retriedShape = z.object({
  delivery_id: z.string(),
  state: z.enum(DELIVERY_STATES),
  audit_row: z.number(),
});
