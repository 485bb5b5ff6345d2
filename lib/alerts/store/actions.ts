import type { Sql } from "../../platform/db/pool";

export type Pending = { environment_id: string; alert_id: string; action: string; target: string };

/** Of these actions, what waits to be taken; locked, so that several workers take each once. */
export async function pending(tx: Sql, actions: readonly string[], limit: number): Promise<Pending[]> {
  const { rows } = await tx.query<Pending>(
    `select environment_id, alert_id, action, target from alert_actions where state = 'pending' and action = any($1)
     order by at for update skip locked limit $2`,
    [actions, limit],
  );
  return rows;
}
export const done = (tx: Sql, p: Pending, taken: boolean, note: string) =>
  tx.query(
    `update alert_actions set state = $5, note = $6, at = now()
     where environment_id = $1 and alert_id = $2 and action = $3 and target = $4 and state = 'pending'`,
    [p.environment_id, p.alert_id, p.action, p.target, taken ? "taken" : "not_taken", note],
  );

/** Alerts that stand open and whose rule wants them told again. `every` by rule's slug, in seconds. */
export async function dueAgain(
  tx: Sql,
  environmentId: string,
  every: Record<string, number>,
): Promise<{ alert_id: string }[]> {
  const { rows } = await tx.query<{ alert_id: string }>(
    `update alerts a set told_at = now() from json_each_text($2) e(rule, every)
     where a.environment_id = $1 and a.rule = e.rule and a.state = 'open' and not a.historic and a.mode = 'act'
       and a.told_at < now() - make_interval(secs => e.every::int) returning a.alert_id`,
    [environmentId, JSON.stringify(every)],
  );
  return rows;
}
export const told = (tx: Sql, environmentId: string, alertId: string) =>
  tx.query("update alerts set told_at = now() where environment_id = $1 and alert_id = $2", [environmentId, alertId]);

export async function runIsLive(
  tx: Sql,
  environmentId: string,
  runId: string,
): Promise<{ live: boolean; stopped: boolean }> {
  const { rows } = await tx.query<{ live: boolean; stopped: boolean }>(
    `select exists (select 1 from runs where environment_id = $1 and run_id = $2 and status in ('running', 'waiting')) as live,
       exists (select 1 from switches where environment_id = $1 and scope_kind = 'run' and scope_key = $2 and mode = 'stop' and released_at is null) as stopped`,
    [environmentId, runId],
  );
  return rows[0] ?? { live: false, stopped: false };
}
export async function inSafeMode(tx: Sql, environmentId: string, agentId: string): Promise<boolean> {
  const { rows } = await tx.query(
    `select 1 from switches where environment_id = $1 and scope_kind = 'agent' and scope_key = $2 and mode in ('safe_mode', 'pause', 'stop') and released_at is null`,
    [environmentId, agentId],
  );
  return rows.length > 0;
}
