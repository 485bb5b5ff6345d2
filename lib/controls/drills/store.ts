import type { Sql } from "../../platform/db/pool";
import type { Measured, Verdict } from "./measure";
import type { DrillOutcome, DrillShape } from "./shapes";

export type DrillRow = {
  environment_id: string;
  drill_id: string;
  agent_id: string;
  reason: string;
  switch_id: string | null;
  started_by: string;
  scheduled: boolean;
  outcome: DrillOutcome;
  detail: string | null;
  connected: string[];
  runs: number;
  instances_seen: number;
  instances_confirmed: number;
  runs_confirmed: number;
  laggards: string[];
  slowest_instance: string | null;
  slowest_seen_ms: number | null;
  confirmed_ms: number | null;
  started_at: Date;
  deadline_at: Date;
  seen_at: Date | null;
  confirmed_at: Date | null;
  released_at: Date | null;
  /** Its time is over, by the database's clock. */
  over: boolean;
};
const ROW = "d.*, d.deadline_at <= clock_timestamp() as over";
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const drillOut = (r: DrillRow): DrillShape => ({
  drill_id: r.drill_id,
  agent_id: r.agent_id,
  reason: r.reason,
  switch_id: r.switch_id,
  started_by: r.started_by,
  scheduled: r.scheduled,
  outcome: r.outcome,
  detail: r.detail,
  started_at: r.started_at.toISOString(),
  deadline_at: r.deadline_at.toISOString(),
  seen_at: iso(r.seen_at),
  confirmed_at: iso(r.confirmed_at),
  released_at: iso(r.released_at),
  instances: { connected: r.connected.length, seen: r.instances_seen, confirmed: r.instances_confirmed },
  runs: { requested: r.runs, confirmed: r.runs_confirmed },
  laggards: r.laggards,
  slowest_instance: r.slowest_instance,
  slowest_seen_ms: r.slowest_seen_ms,
  confirmed_ms: r.confirmed_ms,
});

/** The stop or pause that holds this agent already, or the drill that runs on it. */
export async function inTheWay(tx: Sql, environmentId: string, agentId: string) {
  const { rows } = await tx.query<{ drill: boolean; by: string; mode: string; reason: string }>(
    `select true as drill, started_by as by, 'stop' as mode, reason from drills
       where environment_id = $1 and agent_id = $2 and outcome = 'running'
     union all
     select false, set_by_name, mode, reason from switches where environment_id = $1 and released_at is null
       and mode in ('stop', 'pause') and (scope_kind = 'environment' or (scope_kind = 'agent' and scope_key = $2))
     limit 1`,
    [environmentId, agentId],
  );
  return rows[0] ?? null;
}

/** Whom a stop that was set in this transaction can be proven by: instances that are heard, runs at work behind the gate. */
export async function reached(tx: Sql, environmentId: string, switchId: string, lostAfterS: number) {
  const { rows } = await tx.query<{ connected: string[]; running: number; runs: number }>(
    `select coalesce((select array_agg(w.instance_id order by w.instance_id) from switch_instances w
         join instances i on i.environment_id = $1 and i.instance_id = w.instance_id
         where w.switch_id = $2 and i.last_heard_at >= now() - make_interval(secs => $3)), '{}') as connected,
       count(*)::int as runs, count(*) filter (where r.status = 'running')::int as running
     from switch_runs w join runs r on r.environment_id = $1 and r.run_id = w.run_id where w.switch_id = $2 and w.gated`,
    [environmentId, switchId, lostAfterS],
  );
  return rows[0] ?? { connected: [], running: 0, runs: 0 };
}

export const mark = (tx: Sql) => tx.query("savepoint drill");
export const undo = (tx: Sql) => tx.query("rollback to savepoint drill");

export type NewDrill = Pick<
  DrillRow,
  "environment_id" | "drill_id" | "agent_id" | "reason" | "started_by" | "scheduled"
>;
type Begun = { switchId: string; at: Date; connected: string[]; runs: number; waitS: number };
/** A drill whose stop has been set; without one: refused, and over before it began. */
export async function insertDrill(tx: Sql, d: NewDrill, begun: Begun | { refused: string }): Promise<DrillRow> {
  const on = "switchId" in begun ? begun : null;
  const { rows } = await tx.query<DrillRow>(
    `insert into drills as d (environment_id, drill_id, agent_id, reason, started_by, scheduled, outcome, detail, switch_id, connected,
       laggards, runs, started_at, deadline_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, at, at + make_interval(secs => $13)
     from (select coalesce($12::timestamptz, clock_timestamp()) as at) t returning ${ROW}`,
    [
      d.environment_id,
      d.drill_id,
      d.agent_id,
      d.reason,
      d.started_by,
      d.scheduled,
      on ? "running" : "failed",
      "refused" in begun ? begun.refused : null,
      on?.switchId ?? null,
      on?.connected ?? [],
      on?.runs ?? 0,
      on?.at ?? null,
      on?.waitS ?? 0,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the drill was not written");
  return row;
}

export async function drill(tx: Sql, environmentId: string, id: string): Promise<DrillRow | null> {
  const { rows } = await tx.query<DrillRow>(`select ${ROW} from drills d where environment_id = $1 and drill_id = $2`, [
    environmentId,
    id,
  ]);
  return rows[0] ?? null;
}

export async function drillsRunning(tx: Sql): Promise<DrillRow[]> {
  return (await tx.query<DrillRow>(`select ${ROW} from drills d where outcome = 'running' order by started_at`)).rows;
}

type Wanted = {
  agentId: string | null;
  outcome: string | null;
  /** Patterns of LIKE; null: any agent. */
  like: string[] | null;
  limit: number;
  after: (string | number)[] | null;
};
export async function listDrills(tx: Sql, environmentId: string, wanted: Wanted): Promise<DrillRow[]> {
  const { rows } = await tx.query<DrillRow>(
    `select ${ROW} from drills d where environment_id = $1 and ($2::text is null or agent_id = $2) and ($3::text is null or outcome = $3)
       and ($4::text[] is null or agent_id like any($4)) and ($5::timestamptz is null or (started_at, drill_id) < ($5, $6))
     order by started_at desc, drill_id desc limit $7`,
    [
      environmentId,
      wanted.agentId,
      wanted.outcome,
      wanted.like,
      wanted.after?.[0] ?? null,
      wanted.after?.[1] ?? null,
      wanted.limit,
    ],
  );
  return rows;
}

/** Did the drill of this agent before this one fail? */
export async function failedBefore(tx: Sql, d: DrillRow): Promise<boolean> {
  const { rows } = await tx.query<{ outcome: DrillOutcome }>(
    `select outcome from drills where environment_id = $1 and agent_id = $2 and started_at < $3 order by started_at desc limit 1`,
    [d.environment_id, d.agent_id, d.started_at],
  );
  return rows[0]?.outcome === "failed";
}

/** How far it has come; with a verdict it is over. @returns null where it was over already, or nothing has moved */
export async function writeDrill(tx: Sql, d: DrillRow, m: Measured, verdict: Verdict | null): Promise<DrillRow | null> {
  const { rows } = await tx.query<DrillRow>(
    `update drills d set instances_seen = $3, instances_confirmed = $4, runs_confirmed = $5, laggards = $6, slowest_instance = $7,
       slowest_seen_ms = $8, confirmed_ms = $9, outcome = coalesce($10, outcome), detail = $11,
       seen_at = case when $3::int = cardinality(connected) then started_at + make_interval(secs => $8::int / 1000.0) end,
       confirmed_at = started_at + make_interval(secs => $9::int / 1000.0),
       released_at = case when $10::text is not null then
         (select s.released_at from switches s where s.environment_id = $1 and s.id = d.switch_id) end
     where environment_id = $1 and drill_id = $2 and outcome = 'running'
       and ($10::text is not null or (instances_seen, instances_confirmed, runs_confirmed) is distinct from ($3::int, $4::int, $5::int))
     returning ${ROW}`,
    [
      d.environment_id,
      d.drill_id,
      m.seen,
      m.confirmed,
      m.runsConfirmed,
      m.laggards,
      m.slowest?.instance ?? null,
      m.slowest === null ? null : Math.round(m.slowest.ms),
      m.confirmedMs === null ? null : Math.round(m.confirmedMs),
      verdict?.outcome ?? null,
      verdict?.detail ?? null,
    ],
  );
  return rows[0] ?? null;
}

/** Nobody could confirm while the server was away. */
export const shiftDrills = (tx: Sql, seconds: number) =>
  tx.query("update drills set deadline_at = deadline_at + make_interval(secs => $1) where outcome = 'running'", [
    seconds,
  ]);
