import type { Sql } from "../../platform/db/pool";
import type { EvaluationInput, EvaluationShape, ListEvaluations } from "../schema";

export type Judged = {
  run_id: string;
  agent_id: string;
  agent_version: string | null;
  tenant_id: string | null;
  task_type: string;
};
/** Whose runs these are; what is not in the answer is not here. */
export async function runsOf(tx: Sql, environmentId: string, runIds: string[]): Promise<Map<string, Judged>> {
  const { rows } = await tx.query<Judged>(
    "select run_id, agent_id, agent_version, tenant_id, task_type from runs where environment_id = $1 and run_id = any($2)",
    [environmentId, [...new Set(runIds)]],
  );
  return new Map(rows.map((r) => [r.run_id, r]));
}

type Row = Omit<EvaluationShape, "at"> & { at: Date };
const COLUMNS =
  "evaluation_id, run_id, span_id, agent_id, agent_version, task_type, name, score, passed, evaluator, notes, at";
const shape = (row: Row): EvaluationShape => ({ ...row, at: row.at.toISOString() });

export type NewEvaluation = EvaluationInput & { id: string; of: Judged };
export async function insert(tx: Sql, environmentId: string, all: NewEvaluation[]): Promise<EvaluationShape[]> {
  const { rows } = await tx.query<Row>(
    `insert into evaluations (environment_id, ${COLUMNS})
     select $1::text, k.*, now() from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::float8[], $10::bool[], $11::text[], $12::text[]) as k
     returning ${COLUMNS}`,
    [
      environmentId,
      all.map((e) => e.id),
      all.map((e) => e.run_id),
      all.map((e) => e.span_id ?? null),
      all.map((e) => e.of.agent_id),
      all.map((e) => e.of.agent_version),
      all.map((e) => e.of.task_type),
      all.map((e) => e.name),
      all.map((e) => e.score),
      all.map((e) => e.passed ?? null),
      all.map((e) => e.evaluator),
      all.map((e) => e.notes ?? null),
    ],
  );
  return rows.map(shape);
}

/** What a bound key may see, as patterns of LIKE; null: everything. */
export type Bounds = { agents: string[] | null; tenants: string[] | null };
export async function list(
  tx: Sql,
  environmentId: string,
  f: ListEvaluations,
  { agents, tenants }: Bounds,
  after: (string | number)[] | null,
): Promise<EvaluationShape[]> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from evaluations e where environment_id = $1 and ($2::text is null or run_id = $2)
       and ($3::text is null or agent_id = $3) and ($4::text is null or name = $4)
       and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6)
       and ($7::text[] is null or agent_id like any($7))
       and ($8::text[] is null or exists (select 1 from runs r where r.environment_id = e.environment_id and r.run_id = e.run_id
         and r.tenant_id like any($8)))
       and ($9::timestamptz is null or (at, evaluation_id) < ($9, $10))
     order by at desc, evaluation_id desc limit $11`,
    [
      environmentId,
      f.run_id ?? null,
      f.agent_id ?? null,
      f.name ?? null,
      f.from ?? null,
      f.to ?? null,
      agents,
      tenants,
      after?.[0] ?? null,
      after?.[1] ?? null,
      f.limit + 1,
    ],
  );
  return rows.map(shape);
}

export async function agentExists(tx: Sql, environmentId: string, agentId: string): Promise<boolean> {
  const { rowCount } = await tx.query("select 1 from agents where environment_id = $1 and agent_id = $2", [
    environmentId,
    agentId,
  ]);
  return rowCount === 1;
}
