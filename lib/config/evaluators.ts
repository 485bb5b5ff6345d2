import { evaluatorsOf, writeEvaluator } from "../evaluations";
import { type PutEvaluator, putEvaluatorInput } from "../evaluations/schema";
import type { Sql } from "../platform/db/pool";
import { parse } from "../platform/verb";
import { type Add, type Fields, planKind, said } from "./plan";
import type { ConfigFile } from "./schema";

const shown = ({ slug: _, ...e }: PutEvaluator): Fields => said(e);

/** Who is asked what ended runs are worth. */
export async function ownEvaluators(tx: Sql, environmentId: string): Promise<Map<string, Fields>> {
  const rows = await evaluatorsOf(tx, environmentId);
  return new Map(
    rows.map(({ slug, url, agent_ids, task_types, sample, timeout_s, enabled, note }) => [
      slug,
      shown({ slug, url, agent_ids, task_types, sample, timeout_s, enabled, note }),
    ]),
  );
}

export async function planEvaluators(tx: Sql, environmentId: string, file: ConfigFile, add: Add): Promise<void> {
  if (!file.evaluators) return;
  planKind(
    file.evaluators,
    {
      kind: "evaluator",
      section: "evaluators",
      known: await ownEvaluators(tx, environmentId),
      ready: (slug, body) => parse(putEvaluatorInput, { slug, ...body }),
      shown,
      write: writeEvaluator,
    },
    add,
  );
}
