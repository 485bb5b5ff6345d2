import { z } from "zod";
import { budgetBody } from "../budgets/schema";
import { settingsBody } from "../controls/schema";
import { ruleBody } from "../detectors/schema";
import { canaryBody, putChecklistInput, putEvaluatorInput } from "../evaluations/schema";
import { failureFile } from "../failures/schema";
import { channelAddress, channelFields } from "../notifications/schema";
import { text } from "../platform/fields";
import { targetBody } from "../readiness/schema";

export const CHANGE_KINDS = [
  "settings",
  "policy",
  "budget",
  "failure",
  "rule",
  "channel",
  "target",
  "checklist",
  "canary",
  "evaluator",
  "price",
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const channelFile = z.strictObject({ ...channelFields, url: channelAddress.optional() });
export type ChannelFile = z.output<typeof channelFile>;

/** The whole configuration of an environment as one file. */
export const configFile = z.strictObject({
  interlock: z.literal(1).describe("Version of this format."),
  settings: settingsBody.optional(),
  policies: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Each as PUT /policies/{id} takes it, in its latest version."),
  budgets: z.record(z.string(), z.strictObject(budgetBody)).optional(),
  failures: z.record(z.string(), failureFile).optional().describe("The inventory: owners by their e-mail address."),
  rules: z
    .record(z.string(), ruleBody)
    .optional()
    .describe("Detection rules that were written or changed here; the rest is the catalogue's."),
  channels: z
    .record(z.string(), channelFile)
    .optional()
    .describe(
      "Where people are told. No secret stands here: one that is new waits for its own, one that is known keeps it.",
    ),
  targets: z.record(z.string(), z.strictObject(targetBody)).optional().describe("What is watched."),
  checklists: z
    .record(z.string(), putChecklistInput.omit({ runbook: true }))
    .optional()
    .describe("Which probes a new version passes, by runbook."),
  canaries: z.record(z.string(), canaryBody).optional().describe("Those that have not ended."),
  evaluators: z.record(z.string(), putEvaluatorInput.omit({ slug: true })).optional(),
  prices: z
    .record(
      z.string().min(1).max(200),
      z.strictObject({
        input_usd: z.number().min(0),
        output_usd: z.number().min(0),
        cached_usd: z.number().min(0).nullish(),
      }),
    )
    .optional()
    .describe("US dollars a million tokens, where people wrote over the table that ships."),
});
export type ConfigFile = z.output<typeof configFile>;
export const importInput = z.strictObject({ text: z.string().max(4_000_000), note: text(300).optional() });
export const nothing = z.strictObject({});
export const changesShape = z.object({
  changes: z.array(
    z.object({
      kind: z.enum(CHANGE_KINDS),
      id: z.string(),
      change: z.enum(["added", "changed"]),
    }),
  ),
});
