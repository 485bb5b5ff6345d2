import type { Sql } from "../../platform/db/pool";
import type { PostProbe, ProbeResult } from "../schema";

type Row = Omit<ProbeResult, "at"> & { at: Date };
const COLUMNS =
  "probe_id, canary, runbook, agent_id, version, name, status, latency_ms, http_status, detail, run_id, source, at";
const shape = (r: Row): ProbeResult => ({ ...r, at: r.at.toISOString() });

export type NewProbe = PostProbe & { probe_id: string; source: ProbeResult["source"] };
export async function insert(tx: Sql, environmentId: string, p: NewProbe): Promise<ProbeResult> {
  const { rows } = await tx.query<Row>(
    `insert into probe_results (environment_id, probe_id, canary, runbook, agent_id, version, name, status, latency_ms, http_status,
       detail, run_id, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${COLUMNS}`,
    [
      environmentId,
      p.probe_id,
      p.canary ?? null,
      p.runbook ?? null,
      p.agent_id,
      p.version,
      p.name,
      p.status,
      p.latency_ms,
      p.http_status ?? null,
      p.detail ?? null,
      p.run_id ?? null,
      p.source,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the probe was not written");
  return shape(row);
}

/** The newest result of each probe of a version. */
export async function newest(
  tx: Sql,
  environmentId: string,
  agentId: string,
  version: string,
): Promise<Map<string, ProbeResult>> {
  const { rows } = await tx.query<Row>(
    `select distinct on (name) ${COLUMNS} from probe_results where environment_id = $1 and agent_id = $2 and version = $3
     order by name, at desc, probe_id desc`,
    [environmentId, agentId, version],
  );
  return new Map(rows.map((r) => [r.name, shape(r)]));
}
export async function newestOf(
  tx: Sql,
  environmentId: string,
  p: { agent_id: string; version: string; name: string },
): Promise<ProbeResult | null> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from probe_results where environment_id = $1 and agent_id = $2 and version = $3 and name = $4
     order by at desc, probe_id desc limit 1`,
    [environmentId, p.agent_id, p.version, p.name],
  );
  return rows[0] ? shape(rows[0]) : null;
}

/** Oldest first. */
export async function lastTen(
  tx: Sql,
  environmentId: string,
  agentId: string,
  version: string,
  since: string,
): Promise<ProbeResult[]> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from probe_results where environment_id = $1 and agent_id = $2 and version = $3 and at >= $4
     order by at desc, probe_id desc limit 10`,
    [environmentId, agentId, version, since],
  );
  return rows.map(shape).reverse();
}

/** When each was to be asked next, in ms, by environment, canary and name. */
export async function schedule(tx: Sql): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ key: string; next_at: Date }>(
    "select environment_id || ' ' || canary || ' ' || name as key, next_at from probe_schedule",
  );
  return new Map(rows.map((r) => [r.key, r.next_at.getTime()]));
}

/** True for one caller each time it is due: whoever moves the time asks. */
export async function claim(
  tx: Sql,
  environmentId: string,
  canary: string,
  name: string,
  everyS: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into probe_schedule as s (environment_id, canary, name, next_at) values ($1, $2, $3, now() + make_interval(secs => $4))
     on conflict (environment_id, canary, name) do update set next_at = excluded.next_at where s.next_at <= now()`,
    [environmentId, canary, name, everyS],
  );
  return rowCount === 1;
}

/** Results are looked at for 90 days. */
export const forget = (tx: Sql) =>
  tx.query("delete from probe_results where at < now() - interval '90 days' and source = 'worker'");
