import { assertBound } from "../platform/authz";
import { notFound } from "../platform/errors";
import { read } from "../platform/verb";
import { type CompoundShape, type CompoundStep, compoundInput } from "./schema";
import * as store from "./store/calls";
import { agentExists } from "./store/scores";

const IMAGINED = 0.99;

/** The step that would give most if it failed only once in a hundred; where it does no worse, if it never failed. Pure. */
export function costliestOf(steps: readonly CompoundStep[]): CompoundShape["costliest"] {
  const chance = steps.reduce((product, s) => product * s.factor, 1);
  const worst = steps.reduce<CompoundStep | null>((w, s) => (s.factor < (w?.factor ?? 1) ? s : w), null);
  if (!worst) return null;
  const at = worst.success < IMAGINED ? IMAGINED : 1;
  const rest = steps.filter((s) => s !== worst).reduce((product, s) => product * s.factor, 1);
  return { step: worst.step, at, chance: Math.max(chance, rest * at ** worst.per_run) };
}

export function stepOf(row: store.StepRow, runs: number): CompoundStep {
  const success = (row.calls - row.failed) / row.calls;
  const perRun = row.calls / runs;
  const { step, kind, calls, failed } = row;
  return { step, kind, calls, failed, success, per_run: perRun, factor: success ** perRun, reasons: row.reasons };
}

/** The measured success of each step, multiplied: 0.85 at each of ten steps is one in five. @throws Failure `not_found` | `forbidden` */
export const compoundSuccess = read("agent.compound", {
  needs: "fleet.read",
  input: compoundInput,
  run: async ({ tx, ctx, input }): Promise<CompoundShape> => {
    assertBound(ctx, input.agent_id, null);
    if (!(await agentExists(tx.sql, ctx.environmentId, input.agent_id))) throw notFound("agent");
    const to = ctx.now();
    const w = { agentId: input.agent_id, from: new Date(to.getTime() - input.days * 86_400_000), to };
    const looked = await store.looked(tx.sql, ctx.environmentId, w);
    const steps = looked.runs > 0 ? looked.steps.map((row) => stepOf(row, looked.runs)) : [];
    return {
      agent_id: input.agent_id,
      from: w.from.toISOString(),
      runs: looked.runs,
      capped: looked.more,
      steps,
      steps_per_run: steps.length > 0 ? looked.median : null,
      chance: steps.length > 0 ? steps.reduce((product, s) => product * s.factor, 1) : null,
      end_to_end: looked.runs > 0 ? looked.success / looked.runs : null,
      costliest: costliestOf(steps),
    };
  },
});
