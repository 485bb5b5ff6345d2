import type { Sql } from "../../platform/db/pool";
import type { PreviewShape, PropagationShape, ScopeKind, SwitchShape } from "../schema";
import { HELD, scopeArgs, TOLD } from "./index";

type Row = {
  id: string;
  scope_kind: ScopeKind;
  scope_key: string;
  mode: "safe_mode" | "pause" | "stop";
  reason: string;
  revision: number;
  set_at: Date;
  set_by_name: string;
  set_by_email: string;
  expires_at: Date | null;
  released_at: Date | null;
  released_by_name: string | null;
  release_reason: string | null;
  runs: number;
  runs_done: number;
  instances: number;
  instances_seen: number;
};

// Confirmed: for a stop the run has ended by its own word, otherwise its instance has seen the switch; and no call that was
// allowed is in flight. A lost run never counts.
const FLYING =
  "exists (select 1 from holds h where h.environment_id = r.environment_id and h.run_id = r.run_id and h.state = 'held')";
const SEEN = (instance: string) =>
  `exists (select 1 from acknowledgements k where k.environment_id = s.environment_id and k.instance_id = ${instance} and k.revision >= s.revision)`;
const COUNTS = `
  (select count(*)::int from switch_runs w where w.switch_id = s.id and w.gated) as runs,
  (select count(*)::int from switch_runs w join runs r on r.environment_id = s.environment_id and r.run_id = w.run_id
     where w.switch_id = s.id and w.gated and not ${FLYING}
       and case when s.mode = 'stop' then r.status in ('completed', 'failed', 'stopped')
         else r.status in ('completed', 'failed', 'stopped') or ${SEEN("r.instance_id")} end) as runs_done,
  (select count(*)::int from switch_instances w where w.switch_id = s.id) as instances,
  (select count(*)::int from switch_instances w where w.switch_id = s.id and ${SEEN("w.instance_id")}) as instances_seen`;

const out = (r: Row): SwitchShape => ({
  switch_id: r.id,
  scope: { kind: r.scope_kind, key: r.scope_key || null },
  mode: r.mode,
  reason: r.reason,
  revision: r.revision,
  set_at: r.set_at.toISOString(),
  set_by: r.set_by_email,
  set_by_name: r.set_by_name,
  expires_at: r.mode === "stop" ? null : (r.expires_at?.toISOString() ?? null),
  due_at: r.mode === "stop" ? (r.expires_at?.toISOString() ?? null) : null,
  released_at: r.released_at?.toISOString() ?? null,
  released_by: r.released_by_name,
  release_reason: r.release_reason,
  requested: { runs: r.runs, instances: r.instances },
  confirmed: { runs: r.runs_done, instances: r.instances_seen },
});

export async function listSwitches(
  tx: Sql,
  environmentId: string,
  options: { active: boolean | null; limit: number; after: (string | number)[] | null },
): Promise<{ row: SwitchShape; cursor: (string | number)[] }[]> {
  const { rows } = await tx.query<Row>(
    `select s.*, ${COUNTS} from switches s where s.environment_id = $1 and ($2::bool is null or (s.released_at is null) = $2)
       and ($3::timestamptz is null or (s.set_at, s.id) < ($3, $4)) order by s.set_at desc, s.id desc limit $5`,
    [environmentId, options.active, options.after?.[0] ?? null, options.after?.[1] ?? null, options.limit],
  );
  return rows.map((r) => ({ row: out(r), cursor: [r.set_at.toISOString(), r.id] }));
}

export async function getSwitch(tx: Sql, environmentId: string, id: string): Promise<SwitchShape | null> {
  const { rows } = await tx.query<Row>(
    `select s.*, ${COUNTS} from switches s where s.environment_id = $1 and s.id = $2`,
    [environmentId, id],
  );
  return rows[0] ? out(rows[0]) : null;
}

type InstanceRow = {
  instance_id: string;
  agent_id: string | null;
  seen_at: Date | null;
  last_heard_at: Date;
  silent: boolean;
  gated: boolean;
};
type RunRow = {
  run_id: string;
  agent_id: string;
  instance_id: string | null;
  status: string;
  gated: boolean;
  ended_at: Date | null;
  last_activity_at: Date;
  /** A call of it that was allowed has not been settled. */
  flying: boolean;
};

/** Requested → seen → confirmed, instance by instance and run by run; who is lost is never counted as stopped. */
export async function propagation(
  tx: Sql,
  environmentId: string,
  sw: SwitchShape,
  lostAfterS: number,
): Promise<PropagationShape> {
  const { rows: instances } = await tx.query<InstanceRow>(
    `select w.instance_id, coalesce(w.agent_id, i.agent_id) as agent_id, i.last_heard_at, i.last_heard_at < now() - make_interval(secs => $3) as silent,
       (select min(k.seen_at) from acknowledgements k where k.environment_id = $1 and k.instance_id = w.instance_id and k.revision >= $4) as seen_at,
       coalesce((select a.gated_at is not null and (a.ungated_at is null or a.ungated_at <= a.gated_at) from agents a
         where a.environment_id = $1 and a.agent_id = coalesce(w.agent_id, i.agent_id)), false) as gated
     from switch_instances w join instances i on i.environment_id = $1 and i.instance_id = w.instance_id
     where w.switch_id = $2 order by 2, 1`,
    [environmentId, sw.switch_id, lostAfterS, sw.revision],
  );
  const { rows: runs } = await tx.query<RunRow>(
    `select r.run_id, r.agent_id, r.instance_id, r.status, w.gated, r.ended_at, r.last_activity_at, ${FLYING} as flying
     from switch_runs w join runs r on r.environment_id = $1 and r.run_id = w.run_id where w.switch_id = $2 order by r.started_at, r.run_id`,
    [environmentId, sw.switch_id],
  );
  const setAt = Date.parse(sw.set_at);
  const stop = sw.mode === "stop";
  const seen = new Map(instances.map((i) => [i.instance_id, i.seen_at !== null]));
  const silent = new Map(instances.map((i) => [i.instance_id, i.silent]));
  const over = (r: RunRow) => r.status === "completed" || r.status === "failed" || r.status === "stopped";
  const saw = (r: RunRow) => r.instance_id !== null && seen.get(r.instance_id) === true;
  const confirmed = (r: RunRow) => !r.flying && (over(r) || (!stop && saw(r)));
  const gated = runs.filter((r) => r.gated);
  const openOf = new Set(gated.filter((r) => !confirmed(r)).map((r) => r.instance_id));
  return {
    switch: sw,
    requested_at: sw.set_at,
    instances: instances.map((i) => ({
      instance_id: i.instance_id,
      agent_id: i.agent_id,
      seen_at: i.seen_at?.toISOString() ?? null,
      lag_ms: i.seen_at ? Math.max(0, i.seen_at.getTime() - setAt) : null,
      last_heard_at: i.last_heard_at.toISOString(),
      state:
        i.seen_at && !openOf.has(i.instance_id) ? "confirmed" : i.silent ? "lost" : i.seen_at ? "seen" : "requested",
      gate: i.gated ? "enforced" : "cooperative",
    })),
    runs: {
      requested: gated.length,
      seen: gated.filter((r) => over(r) || saw(r)).length,
      confirmed: gated.filter(confirmed).length,
      outstanding: gated
        .filter((r) => !confirmed(r))
        .map((r) => ({
          run_id: r.run_id,
          agent_id: r.agent_id,
          instance_id: r.instance_id,
          state:
            r.status === "lost" || (r.instance_id !== null && silent.get(r.instance_id))
              ? "lost"
              : saw(r) || over(r)
                ? "seen"
                : "requested",
          last_activity_at: r.last_activity_at.toISOString(),
        })),
      unconfirmable: runs
        .filter((r) => !r.gated)
        .map((r) => ({ run_id: r.run_id, agent_id: r.agent_id, status: r.status })),
      confirmed_lag_ms: gated
        .flatMap((r) => (confirmed(r) && r.ended_at ? [Math.max(0, r.ended_at.getTime() - setAt)] : []))
        .sort((a, b) => a - b),
    },
  };
}

/** What a switch of this scope would hold, were it set now. */
export async function preview(
  tx: Sql,
  environmentId: string,
  kind: ScopeKind,
  key: string,
  lostAfterS: number,
): Promise<PreviewShape> {
  const held = HELD.replaceAll("$4", "$4::bool");
  const { rows } = await tx.query<
    PreviewShape["agents"][number] & { gated: boolean; heard_at: Date | null; lag: number | null }
  >(
    `with held as (select r.agent_id, count(*)::int as runs from runs r where ${held} group by 1),
     told as (select i.agent_id, count(*) filter (where i.last_heard_at >= now() - make_interval(secs => $5))::int as instances,
         count(*) filter (where i.last_heard_at < now() - make_interval(secs => $5))::int as lost_instances, max(i.last_heard_at) as heard_at
       from instances i where ${TOLD.replaceAll("$4", "$4::bool")} group by 1)
     select coalesce(held.agent_id, told.agent_id, 'unknown') as agent_id, coalesce(runs, 0) as runs, coalesce(instances, 0) as instances,
       coalesce(lost_instances, 0) as lost_instances, heard_at,
       coalesce(a.gated_at is not null and (a.ungated_at is null or a.ungated_at <= a.gated_at), false) as gated,
       (select percentile_cont(0.5) within group (order by extract(epoch from k.seen_at - s.set_at) * 1000)
        from switches s join switch_instances w on w.switch_id = s.id and w.agent_id = coalesce(held.agent_id, told.agent_id)
        join lateral (select min(seen_at) as seen_at from acknowledgements k where k.environment_id = s.environment_id
          and k.instance_id = w.instance_id and k.revision >= s.revision) k on k.seen_at is not null
        where s.environment_id = $1 and s.set_at > now() - interval '30 days') as lag
     from held full join told on told.agent_id = held.agent_id
     left join agents a on a.environment_id = $1 and a.agent_id = coalesce(held.agent_id, told.agent_id)
     order by runs desc nulls last, instances desc nulls last, 1 limit 200`,
    [...scopeArgs(environmentId, kind, key, true), lostAfterS],
  );
  const sum = (of: (r: (typeof rows)[number]) => number) => rows.reduce((n, r) => n + of(r), 0);
  return {
    runs: sum((r) => r.runs),
    instances: sum((r) => r.instances),
    agents: rows.map((r) => ({
      agent_id: r.agent_id,
      gate: r.gated ? "enforced" : "cooperative",
      runs: r.runs,
      instances: r.instances,
      lost_instances: r.lost_instances,
      usual_lag_ms: r.lag === null ? null : Math.max(0, Math.round(r.lag)),
      last_heard_at: r.heard_at?.toISOString() ?? null,
    })),
  };
}

type ObedienceRow = { instance_id: string; silent_s: number; seen: boolean; lost: boolean };
/** Who acts on the newest revision, among the instances heard from within a day. */
export async function obedience(tx: Sql, environmentId: string, revision: number, lostAfterS: number) {
  const { rows } = await tx.query<ObedienceRow>(
    `select instance_id, extract(epoch from now() - last_heard_at)::float8 as silent_s, applied_revision >= $2 as seen,
       last_heard_at < now() - make_interval(secs => $3) as lost
     from instances where environment_id = $1 and last_heard_at > now() - interval '1 day' order by last_heard_at limit 2000`,
    [environmentId, revision, lostAfterS],
  );
  const pick = (keep: (r: ObedienceRow) => boolean) =>
    rows.filter(keep).map((r) => ({ instance_id: r.instance_id, silent_s: Math.max(0, Math.round(r.silent_s)) }));
  return {
    seen: rows.filter((r) => r.seen && !r.lost).length,
    lagging: pick((r) => !r.seen && !r.lost),
    lost: pick((r) => r.lost),
  };
}
