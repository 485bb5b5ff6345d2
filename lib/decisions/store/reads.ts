import type { Sql } from "../../platform/db/pool";
import { dollars } from "../../platform/fields";
import type { Decision, DecisionRow, EffectShape } from "../schema";

/** What a result has to be prepared by. */
export async function aboutDecision(tx: Sql, environmentId: string, decisionId: string) {
  const { rows } = await tx.query<{
    runId: string;
    agentId: string;
    tenantId: string | null;
    kind: string;
    tool: string | null;
    model: string | null;
    effectId: string | null;
    fingerprint: string | null;
  }>({
    name: "about-decision",
    text: `select run_id as "runId", agent_id as "agentId", tenant_id as "tenantId", kind, tool, model, effect_id as "effectId", fingerprint
      from decisions where environment_id = $1 and decision_id = $2`,
    values: [environmentId, decisionId],
  });
  return rows[0] ?? null;
}

type Row = {
  decision_id: string;
  decided_at: Date;
  run_id: string;
  request_id: string | null;
  agent_id: string;
  tenant_id: string | null;
  task_type: string;
  kind: DecisionRow["kind"];
  tool: string | null;
  model: string | null;
  effect: string | null;
  args_hash: string | null;
  question: Record<string, unknown>;
  answer: Decision;
  approval_id: string | null;
  effect_id: string | null;
  grant_id: string | null;
  control_revision: number;
  result_status: NonNullable<DecisionRow["result"]>["status"] | null;
  http_status: number | null;
  error_type: string | null;
  error_message: string | null;
  latency_ms: number | null;
  tokens_input: number | null;
  tokens_output: number | null;
  tokens_cached: number | null;
  cost_micros: number | null;
  output_valid: boolean | null;
  late: boolean | null;
  received_at: Date | null;
  us: string;
};
const COLUMNS = `d.decision_id, d.decided_at, d.run_id, d.request_id, d.agent_id, d.tenant_id, d.task_type, d.kind, d.tool, d.model, d.effect,
  d.args_hash, d.question, d.answer, d.approval_id, d.effect_id, d.grant_id, d.control_revision, r.status as result_status, r.http_status, r.error_type,
  r.error_message, r.latency_ms, r.tokens_input, r.tokens_output, r.tokens_cached, r.cost_micros, r.output_valid, r.late, r.received_at,
  (extract(epoch from d.decided_at) * 1000)::bigint::text as us`;
const JOINED = `from decisions d left join decision_results r on r.environment_id = d.environment_id and r.decision_id = d.decision_id`;

const textOf = (v: unknown): string | null => (typeof v === "string" ? v : null);
const PREVIEW = 500;

export const decisionOut = (row: Row): DecisionRow => ({
  decision_id: row.decision_id,
  decided_at: row.decided_at.toISOString(),
  run_id: row.run_id,
  request_id: row.request_id,
  agent_id: row.agent_id,
  tenant_id: row.tenant_id,
  task_type: row.task_type,
  kind: row.kind,
  step: typeof row.question.step === "number" ? row.question.step : null,
  stage: textOf(row.question.stage),
  tool: row.tool,
  model: row.model,
  connector: textOf(row.question.connector),
  effect: row.effect,
  args_hash: row.args_hash,
  args_preview: row.question.args === undefined ? null : JSON.stringify(row.question.args).slice(0, PREVIEW),
  estimate: (row.question.estimate as Record<string, unknown> | undefined) ?? null,
  approval_id: row.approval_id,
  effect_id: row.effect_id,
  grant_id: row.grant_id,
  control_revision: row.control_revision,
  answer: row.answer,
  result:
    row.result_status && row.received_at
      ? {
          status: row.result_status,
          http_status: row.http_status,
          error: row.error_type || row.error_message ? { type: row.error_type, message: row.error_message } : null,
          latency_ms: row.latency_ms,
          tokens:
            row.tokens_input === null
              ? null
              : { input: row.tokens_input, output: row.tokens_output ?? 0, cached: row.tokens_cached ?? 0 },
          cost_usd: row.cost_micros === null ? null : dollars(row.cost_micros),
          output_valid: row.output_valid,
          late: row.late ?? false,
          received_at: row.received_at.toISOString(),
        }
      : null,
});

export type DecisionFilter = {
  run_id?: string | undefined;
  agent_id?: string | undefined;
  tool?: string | undefined;
  outcome?: string[] | undefined;
  code?: string[] | undefined;
  policy_id?: string | undefined;
  grant_id?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** What the caller's key is bound to, as patterns of LIKE. */
  agents: string[] | null;
  tenants: string[] | null;
};

export async function decisions(
  tx: Sql,
  environmentId: string,
  f: DecisionFilter,
  page: { limit: number; after: (string | number)[] | null },
): Promise<Row[]> {
  const values: unknown[] = [environmentId];
  const where = ["d.environment_id = $1"];
  const push = (text: (n: number) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(text(values.length));
  };
  push((n) => `d.run_id = $${n}`, f.run_id);
  push((n) => `d.agent_id = $${n}`, f.agent_id);
  push((n) => `d.tool = $${n}`, f.tool);
  push((n) => `d.outcome = any($${n})`, f.outcome);
  push((n) => `d.code = any($${n})`, f.code);
  push((n) => `d.policy_id = $${n}`, f.policy_id);
  push((n) => `d.grant_id = $${n}`, f.grant_id);
  push((n) => `d.decided_at >= $${n}`, f.from);
  push((n) => `d.decided_at < $${n}`, f.to);
  push((n) => `d.agent_id like any($${n})`, f.agents ?? undefined);
  push((n) => `d.tenant_id like any($${n})`, f.tenants ?? undefined);
  if (page.after) {
    values.push(Number(page.after[0]), page.after[1]);
    where.push(`(d.decided_at, d.decision_id) < (to_timestamp($${values.length - 1} / 1000.0), $${values.length})`);
  }
  values.push(page.limit + 1);
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} ${JOINED} where ${where.join(" and ")} order by d.decided_at desc, d.decision_id desc limit $${values.length}`,
    values,
  );
  return rows;
}

export async function decision(tx: Sql, environmentId: string, decisionId: string): Promise<Row | null> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} ${JOINED} where d.environment_id = $1 and d.decision_id = $2`,
    [environmentId, decisionId],
  );
  return rows[0] ?? null;
}

type EffectRow = Omit<EffectShape, "claimed_at" | "settled_at"> & {
  claimed_at: Date;
  settled_at: Date | null;
  us: string;
};
const EFFECT = `e.effect_id, e.key, e.run_id, e.agent_id, e.tenant_id, e.tool, e.connector, e.effect, e.args_hash, e.args_preview, e.status, e.attempts,
  (select count(*)::int from decisions d where d.environment_id = e.environment_id and d.run_id = e.run_id and d.effect_id = e.effect_id and d.outcome = 'replay') as replays,
  e.decision_id, e.approval_id, e.external_id, e.url, e.compensation, e.claimed_at, e.settled_at, e.settled_by, e.settle_reason,
  (extract(epoch from e.claimed_at) * 1000)::bigint::text as us`;

export const effectOut = ({ us: _, ...row }: EffectRow): EffectShape => ({
  ...row,
  claimed_at: row.claimed_at.toISOString(),
  settled_at: row.settled_at?.toISOString() ?? null,
});

export async function effects(
  tx: Sql,
  environmentId: string,
  f: {
    run_id?: string | undefined;
    agent_id?: string | undefined;
    tool?: string | undefined;
    status?: string[] | undefined;
    agents: string[] | null;
    tenants: string[] | null;
  },
  page: { limit: number; after: (string | number)[] | null },
): Promise<EffectRow[]> {
  const { rows } = await tx.query<EffectRow>(
    `select ${EFFECT} from effects e where e.environment_id = $1 and ($2::text is null or e.run_id = $2) and ($3::text is null or e.agent_id = $3)
       and ($4::text is null or e.tool = $4) and ($5::text[] is null or e.status = any($5))
       and ($9::text[] is null or e.agent_id like any($9)) and ($10::text[] is null or e.tenant_id like any($10))
       and ($6::float8 is null or (e.claimed_at, e.effect_id) < (to_timestamp($6 / 1000.0), $7))
     order by e.claimed_at desc, e.effect_id desc limit $8`,
    [
      environmentId,
      f.run_id ?? null,
      f.agent_id ?? null,
      f.tool ?? null,
      f.status ?? null,
      page.after ? Number(page.after[0]) : null,
      page.after?.[1] ?? "",
      page.limit + 1,
      f.agents,
      f.tenants,
    ],
  );
  return rows;
}

export async function effectRow(tx: Sql, environmentId: string, effectId: string): Promise<EffectRow | null> {
  const { rows } = await tx.query<EffectRow>(
    `select ${EFFECT} from effects e where e.environment_id = $1 and e.effect_id = $2`,
    [environmentId, effectId],
  );
  return rows[0] ?? null;
}

/** A person's word on a write whose outcome nobody knew. @returns null where it is not open to one */
export async function settleEffect(
  tx: Sql,
  environmentId: string,
  effectId: string,
  by: { done: boolean; externalId: string | null; name: string; reason: string },
): Promise<EffectRow | null> {
  const { rows } = await tx.query<EffectRow>(
    `update effects e set status = case when $3 then 'done' else 'not_done' end, external_id = coalesce($4, external_id), settled_at = clock_timestamp(),
       settled_by = $5, settle_reason = $6
     where environment_id = $1 and effect_id = $2 and (status = 'unknown' or (status in ('claimed', 'prepared') and settled_at is null and hold_until < clock_timestamp()))
     returning ${EFFECT}`,
    [environmentId, effectId, by.done, by.externalId, by.name, by.reason],
  );
  return rows[0] ?? null;
}

export async function breakers(tx: Sql, environmentId: string) {
  const { rows } = await tx.query<{
    tool: string;
    state: "closed" | "open" | "half_open";
    failures: number;
    opened_at: Date | null;
    open_until: Date | null;
  }>(
    `select tool, case when open_until > now() then 'open' when open_until is not null then 'half_open' else 'closed' end as state,
       cardinality(failures) as failures, opened_at, open_until from breakers where environment_id = $1 order by open_until desc nulls last, tool`,
    [environmentId],
  );
  return rows.map((r) => ({
    ...r,
    opened_at: r.opened_at?.toISOString() ?? null,
    open_until: r.open_until?.toISOString() ?? null,
  }));
}

/** Environments that have holds whose time is over. */
export async function withExpiredHolds(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    "select distinct environment_id as id from holds where state = 'held' and expires_at <= clock_timestamp()",
  );
  return rows.map((r) => r.id);
}

/** A live run's calls in flight stay held as long as its heart beats. */
export const renewHolds = (tx: Sql, environmentId: string, runId: string) =>
  tx.query(
    `with h as (update holds set expires_at = greatest(expires_at, now() + interval '60 seconds')
       where environment_id = $1 and run_id = $2 and state = 'held' and expires_at > now() returning decision_id, expires_at)
     update effects e set hold_until = h.expires_at from h where e.environment_id = $1 and e.decision_id = h.decision_id and e.settled_at is null`,
    [environmentId, runId],
  );

/** Rate tokens that no window can see any more. */
export const dropOldHits = (tx: Sql) => tx.query("delete from rate_hits where at < now() - interval '5 minutes'");
