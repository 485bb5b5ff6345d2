import { z } from "zod";
import { budgetBody } from "../budgets/schema";
import { settingsBody } from "../controls/schema";
import { ruleBody } from "../detectors/schema";
import { failureFile } from "../failures/schema";
import { text } from "../platform/fields";

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
      kind: z.enum(["policy", "budget", "failure", "rule", "price", "settings"]),
      id: z.string(),
      change: z.enum(["added", "changed"]),
    }),
  ),
});
