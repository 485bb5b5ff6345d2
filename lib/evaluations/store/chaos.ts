import type { Sql } from "../../platform/db/pool";
import type { StopReason } from "../../runs";
import type { GoldenCell, PostChaos } from "../schema";

export async function insert(
  tx: Sql,
  environmentId: string,
  { agent_id, version, adapter, suite, results }: PostChaos,
  ids: string[],
  by: string,
): Promise<void> {
  await tx.query(
    `insert into chaos_results (environment_id, agent_id, version, adapter, suite, reported_by, chaos_id, task, broken,
       expected_stop_reason, actual_stop_reason, passed, detail, run_id, duration_ms)
     select $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, k.* from unnest($7::text[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::bool[], $13::text[], $14::text[], $15::float8[]) as k`,
    [
      environmentId,
      agent_id,
      version,
      adapter ?? null,
      suite ?? "",
      by,
      ids,
      results.map((r) => r.task),
      results.map((r) => r.broken ?? null),
      results.map((r) => r.expected_stop_reason),
      results.map((r) => r.actual_stop_reason ?? null),
      results.map((r) => r.passed),
      results.map((r) => r.detail ?? null),
      results.map((r) => r.run_id ?? null),
      results.map((r) => r.duration_ms ?? null),
    ],
  );
}

export type ChaosRow = {
  version: string;
  adapter: string | null;
  suite: string;
  task: string;
  broken: string | null;
  expected_stop_reason: StopReason;
  actual_stop_reason: StopReason | null;
  passed: boolean;
  detail: string | null;
  run_id: string | null;
  duration_ms: number | null;
  at: Date;
};
/** The newest result of each task and version. */
export async function newest(
  tx: Sql,
  environmentId: string,
  agentId: string,
  version: string | null,
): Promise<ChaosRow[]> {
  const { rows } = await tx.query<ChaosRow>(
    `select distinct on (suite, task, version) version, adapter, suite, task, broken, expected_stop_reason, actual_stop_reason, passed,
       detail, run_id, duration_ms, at
     from chaos_results where environment_id = $1 and agent_id = $2 and ($3::text is null or version = $3)
     order by suite, task, version, at desc, chaos_id desc`,
    [environmentId, agentId, version],
  );
  return rows;
}

export const cellOf = (r: ChaosRow | undefined): GoldenCell => ({
  state: r === undefined ? "not run" : r.passed ? "pass" : "fail",
  expected_stop_reason: r?.expected_stop_reason ?? null,
  actual_stop_reason: r?.actual_stop_reason ?? null,
  detail: r?.detail ?? null,
  run_id: r?.run_id ?? null,
  duration_ms: r?.duration_ms ?? null,
  at: r?.at.toISOString() ?? null,
});
