import type { Sql } from "../../platform/db/pool";

type Sign = { at: string; run_id: string; age_s: number };
export type Signs = {
  /** The newest span of its agents that says it comes from there. */
  last: Sign | null;
  /** The newest of the hour that says it comes from elsewhere. */
  other: (Sign & { deployment_env: string }) | null;
  /** Newest of all, whatever it says. */
  any: Sign | null;
};

/**
 * What arrived from a target's agents, by the runs that were active last. `expected`: what some target of this environment
 * expects, which is nowhere strange.
 */
export async function signsOf(
  tx: Sql,
  environmentId: string,
  like: string[] | null,
  deploymentEnv: string | null,
  expected: readonly string[],
): Promise<Signs> {
  const { rows } = await tx.query<Signs>(
    `with a as (select agent_id from agents where environment_id = $1 and ($2::text[] is null or agent_id like any($2))
       order by last_seen_at desc limit 200),
     near as (
       select r.* from a cross join lateral (
         select run_id, deployment_env, last_activity_at from runs where environment_id = $1 and agent_id = a.agent_id and span_count > 0
         order by started_at desc, run_id desc limit 5) r
       union
       select run_id, deployment_env, last_activity_at from runs where environment_id = $1 and status in ('running', 'waiting')
         and span_count > 0 and agent_id in (select agent_id from a)),
     ranked as (
       select *, case when $3::text is null or deployment_env = $3 then 'here' when deployment_env is null then 'none'
         when deployment_env = any($4) then 'known' else 'other' end as said from near),
     top as (select * from (select *, row_number() over (partition by said order by last_activity_at desc) as n from ranked) x where n <= 10),
     spanned as (
       select top.said, top.run_id, top.deployment_env, s.at from top cross join lateral (
         select max(received_at) as at from spans where environment_id = $1 and run_id = top.run_id and started_at > now() - interval '8 days') s
       where s.at is not null),
     told as (select *, json_build_object('at', at, 'run_id', run_id, 'deployment_env', deployment_env,
       'age_s', extract(epoch from now() - at)) as sign from spanned)
     select (select sign from told where said = 'here' order by at desc limit 1) as last,
       (select sign from told where said = 'other' and at > now() - interval '1 hour' order by at desc limit 1) as other,
       (select sign from told order by at desc limit 1) as any`,
    [environmentId, like, deploymentEnv, expected],
  );
  return rows[0] ?? { last: null, other: null, any: null };
}
