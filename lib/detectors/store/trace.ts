import type { Sql } from "../../platform/db/pool";
import type { CheckpointFact, DecisionFact, EffectFact, ScoreFact, Step } from "../trace/step";

export type Key = { environment_id: string; run_id: string };
const keys = (list: readonly Key[]) => [list.map((k) => k.environment_id), list.map((k) => k.run_id)];
const ON = "unnest($1::text[], $2::text[]) as k(environment_id, run_id)";

export type RunRow = Key & {
  agent_id: string;
  agent_version: string | null;
  task_type: string;
  tenant_id: string | null;
  status: string;
  stop_reason: string | null;
  source: "api" | "otlp";
  scope: string[];
  goal: string | null;
  started_at: Date;
  ended_at: Date | null;
  step: number;
  tool_calls: number;
  tokens: number;
  cost_usd: number;
  span_count: number;
  resumed_from: string | null;
  lock_since: Date | null;
  waiting_on: { run_id?: string; lock_key?: string; since: string } | null;
  parent_run_id: string | null;
};
export async function runsOf(tx: Sql, list: readonly Key[]): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>({
    name: "detect-runs",
    text: `select r.environment_id, r.run_id, r.agent_id, r.agent_version, r.task_type, r.tenant_id, r.status, r.stop_reason, r.source, r.scope, r.goal,
        r.started_at, r.ended_at, greatest(r.step, r.model_calls) as step, r.tool_calls, r.tokens_input + r.tokens_output as tokens, r.cost_micros / 1e6 as cost_usd,
        r.span_count, r.resumed_from, r.waiting_on, r.parent_run_id, l.held_since as lock_since
      from ${ON} join runs r using (environment_id, run_id)
      left join run_locks l on r.lock_key is not null and l.environment_id = r.environment_id and l.lock_key = r.lock_key and l.run_id = r.run_id`,
    values: keys(list),
  });
  return rows;
}

type SpanRow = Key & {
  span_id: string;
  parent_span_id: string | null;
  kind: Step["kind"];
  at: number;
  ordinal: number;
  duration_us: number | null;
  agent_id: string | null;
  to_agent: string | null;
  name: string;
  tool: string | null;
  status: Step["status"];
  error_type: string | null;
  error_message: string | null;
  http_status: number | null;
  args_fingerprint: string | null;
  args_hash: string | null;
  result_hash: string | null;
  args_preview: string | null;
  result_preview: string | null;
  tokens_input: number | null;
  tokens_output: number | null;
  cost_micros: number | null;
  finish_reasons: string | null;
  decision_id: string | null;
  signals: Step["signals"];
};
const COLUMNS = `s.environment_id, s.run_id, s.span_id, s.parent_span_id, s.kind, extract(epoch from s.started_at)::float8 * 1000 as at, s.ordinal,
  s.duration_us, s.agent_id, s.to_agent, s.name, s.tool, s.status, s.error_type, s.error_message, s.http_status, s.args_fingerprint, s.args_hash,
  s.result_hash, s.args_preview, s.result_preview, s.tokens_input, s.tokens_output, s.cost_micros, s.finish_reasons, s.decision_id, s.signals`;

const stepOf = (r: SpanRow): Step => ({
  spanId: r.span_id,
  parentSpanId: r.parent_span_id,
  kind: r.kind,
  at: r.at,
  endAt: r.at + (r.duration_us ?? 0) / 1000,
  ordinal: r.ordinal,
  agent: r.agent_id ?? "unknown",
  to: r.to_agent,
  name: r.name,
  tool: r.tool,
  status: r.status,
  errorType: r.error_type,
  error: r.error_message,
  httpStatus: r.http_status,
  fingerprint: r.args_fingerprint,
  argsHash: r.args_hash,
  resultHash: r.result_hash,
  args: r.args_preview,
  result: r.result_preview,
  input: r.tokens_input,
  output: r.tokens_output,
  costUsd: r.cost_micros === null ? null : r.cost_micros / 1e6,
  finish: r.finish_reasons ?? "",
  decisionId: r.decision_id,
  signals: r.signals,
});
const grouped = <R extends Key, T>(rows: R[], shape: (row: R) => T): Map<string, T[]> => {
  const out = new Map<string, T[]>();
  for (const row of rows) {
    const key = `${row.environment_id} ${row.run_id}`;
    const found = out.get(key);
    if (found) found.push(shape(row));
    else out.set(key, [shape(row)]);
  }
  return out;
};

/** Kinds that no metric looks at stay where they are. */
const KINDS = "('model', 'tool', 'message', 'retriever')";

/** Spans that arrived since, within the days they began on: partitions of other days are not opened. */
export async function newSteps(
  tx: Sql,
  list: readonly (Key & { since: Date; first_at: Date; last_at: Date })[],
): Promise<Map<string, Step[]>> {
  const { rows } = await tx.query<SpanRow>({
    name: "detect-new-spans",
    text: `select ${COLUMNS} from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) as k(environment_id, run_id, since, first_at, last_at)
      join lateral (select * from spans x where x.environment_id = k.environment_id and x.run_id = k.run_id and x.started_at >= k.first_at
        and x.started_at <= k.last_at and x.received_at >= k.since and x.kind in ${KINDS}) s on true`,
    values: [...keys(list), list.map((k) => k.since), list.map((k) => k.first_at), list.map((k) => k.last_at)],
  });
  return grouped(rows, stepOf);
}

/** All of a run; of one that is longer than this, the newest. */
export const MAX_STEPS = 5_000;
export async function allSteps(tx: Sql, key: Key): Promise<Step[]> {
  const { rows } = await tx.query<SpanRow>({
    name: "detect-all-spans",
    text: `select ${COLUMNS} from spans s where s.environment_id = $1 and s.run_id = $2 and s.kind in ${KINDS}
      order by s.started_at desc, s.ordinal desc limit ${MAX_STEPS}`,
    values: [key.environment_id, key.run_id],
  });
  return rows.map(stepOf);
}

export async function allStepsOf(tx: Sql, list: readonly Key[]): Promise<Map<string, Step[]>> {
  const { rows } = await tx.query<SpanRow>({
    name: "detect-past-spans",
    text: `select ${COLUMNS} from ${ON} join lateral (select * from spans x where x.environment_id = k.environment_id and x.run_id = k.run_id
      and x.kind in ${KINDS} order by x.started_at desc, x.ordinal desc limit ${MAX_STEPS}) s on true`,
    values: keys(list),
  });
  return grouped(rows, stepOf);
}

const like = (pattern: string | undefined): string | null =>
  pattern === undefined ? null : pattern.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");
/** Runs of the past that began within a span of time, the newest first. */
export async function pastKeys(
  tx: Sql,
  environmentId: string,
  fromMs: number,
  toMs: number,
  scope: { agent_id?: string; task_type?: string; tenant_id?: string },
  limit: number,
): Promise<Key[]> {
  const { rows } = await tx.query<Key>(
    `select environment_id, run_id from runs where environment_id = $1 and started_at >= to_timestamp($2 / 1000.0) and started_at < to_timestamp($3 / 1000.0)
       and ($4::text is null or agent_id like $4) and ($5::text is null or task_type like $5) and ($6::text is null or tenant_id like $6)
     order by started_at desc, run_id desc limit $7`,
    [environmentId, fromMs, toMs, like(scope.agent_id), like(scope.task_type), like(scope.tenant_id), limit],
  );
  return rows;
}

export async function decisionsOf(tx: Sql, list: readonly Key[]): Promise<Map<string, DecisionFact[]>> {
  if (list.length === 0) return new Map();
  const { rows } = await tx.query<Key & DecisionFact>({
    name: "detect-decisions",
    text: `select d.environment_id, d.run_id, d.decision_id as "decisionId", extract(epoch from d.decided_at)::float8 * 1000 as at, d.kind, d.tool,
        d.outcome, d.code, d.effect, d.question->>'capability' as capability, (d.question->>'bytes')::float8 as bytes, d.args_hash as "argsHash",
        r.decision_id is not null and r.status <> 'not_executed' as executed
      from ${ON} join decisions d using (environment_id, run_id)
      left join decision_results r on r.environment_id = d.environment_id and r.decision_id = d.decision_id
      order by d.decided_at`,
    values: keys(list),
  });
  return grouped(rows, ({ environment_id: _e, run_id: _r, ...fact }) => fact);
}
export async function effectsOf(tx: Sql, list: readonly Key[]): Promise<Map<string, EffectFact[]>> {
  if (list.length === 0) return new Map();
  const { rows } = await tx.query<Key & EffectFact>({
    name: "detect-effects",
    text: `select e.environment_id, e.run_id, e.effect_id as "effectId", e.tool, e.args_hash as "argsHash", e.status,
        extract(epoch from e.claimed_at)::float8 * 1000 as at from ${ON} join effects e using (environment_id, run_id)`,
    values: keys(list),
  });
  return grouped(rows, ({ environment_id: _e, run_id: _r, ...fact }) => fact);
}
export async function scoresOf(tx: Sql, list: readonly Key[]): Promise<Map<string, ScoreFact[]>> {
  const { rows } = await tx.query<Key & ScoreFact>({
    name: "detect-scores",
    text: `select v.environment_id, v.run_id, v.name, v.score, extract(epoch from v.at)::float8 * 1000 as at, v.span_id as "spanId"
      from ${ON} join evaluations v using (environment_id, run_id)`,
    values: keys(list),
  });
  return grouped(rows, ({ environment_id: _e, run_id: _r, ...fact }) => fact);
}
export async function checkpointsOf(tx: Sql, list: readonly Key[]): Promise<Map<string, CheckpointFact[]>> {
  const { rows } = await tx.query<Key & CheckpointFact>({
    name: "detect-checkpoints",
    text: `select c.environment_id, c.run_id, c.checkpoint_id as "checkpointId", extract(epoch from coalesce(c.mismatch_at, c.at))::float8 * 1000 as at,
        c.mismatch_at is not null as mismatch from ${ON} join checkpoints c using (environment_id, run_id)`,
    values: keys(list),
  });
  return grouped(rows, ({ environment_id: _e, run_id: _r, ...fact }) => fact);
}
