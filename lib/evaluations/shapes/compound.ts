import { z } from "zod";
import { callerId } from "../../platform/fields";

export const compoundInput = z.strictObject({
  agent_id: callerId,
  days: z.coerce.number().int().min(1).max(365).default(30),
});

const step = z.object({
  step: z.string(),
  kind: z.enum(["tool", "stage"]),
  calls: z.number(),
  failed: z.number(),
  success: z.number().describe("Share of its calls without an error."),
  per_run: z.number().describe("Calls, divided by the runs looked at."),
  factor: z.number().describe("success to the power of per_run: what it leaves of the chance."),
  reasons: z.array(z.object({ reason: z.string(), calls: z.number() })).describe("Why calls failed, at most three."),
});
export type CompoundStep = z.output<typeof step>;

export const compoundShape = z.object({
  agent_id: z.string(),
  from: z.string(),
  runs: z.number().describe("Ended runs that were looked at; not those that a person or a switch ended."),
  capped: z.boolean().describe("There were more: the newest 2,000 were looked at."),
  steps: z.array(step).describe("In the order in which runs take them."),
  steps_per_run: z.number().nullable().describe("Median."),
  chance: z.number().nullable().describe("That a whole run succeeds, if steps fail independently: the product."),
  end_to_end: z.number().nullable().describe("Share of these runs that ended in success."),
  costliest: z
    .object({
      step: z.string(),
      at: z.number().describe("The success it is imagined with."),
      chance: z.number().describe("Of the whole, then."),
    })
    .nullable(),
});
export type CompoundShape = z.output<typeof compoundShape>;
