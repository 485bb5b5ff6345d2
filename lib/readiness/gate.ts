import { assertBound, boundTo } from "../platform/authz";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { decodeCursor, type Page, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { type Asked, gather } from "./gather";
import { judge } from "./judge";
import {
  type AgentGateShape,
  type CheckShape,
  type Counts,
  listReadinessInput,
  type ReadinessShape,
  readinessInput,
} from "./schema";
import * as store from "./store";
import { waiverOut } from "./waiver-shape";

export type Gate = { agentId: string; version: string | null; checks: CheckShape[]; waivers: store.WaiverRow[] };

/** What evidence says, with the waivers that hold laid over it. A waiver that lapsed blocks again. */
export async function gatesOf(tx: Sql, environmentId: string, asked: readonly Asked[]): Promise<Gate[]> {
  if (asked.length === 0) return [];
  const [facts, waivers] = await Promise.all([
    gather(tx, environmentId, asked),
    store.waivers(
      tx,
      environmentId,
      asked.map((a) => a.agentId),
    ),
  ]);
  return facts.map((f) => {
    const own = waivers.filter((w) => w.agent_id === f.agentId);
    const holding = new Map(
      own.filter((w) => w.holds && w.version === (f.version ?? "")).map((w) => [w.check_slug, w] as const),
    );
    const checks = judge(f).map((c): CheckShape => {
      const w = c.answer === "yes" ? undefined : holding.get(c.check);
      const waived = w
        ? { waiver_id: w.waiver_id, by: w.by_name, reason: w.reason, until: w.until, at: w.created_at.toISOString() }
        : null;
      return { ...c, ok: c.answer === "yes" || waived !== null, waived };
    });
    return { agentId: f.agentId, version: f.version, checks, waivers: own };
  });
}

export const blocking = (checks: readonly CheckShape[]): CheckShape[] => checks.filter((c) => !c.ok);
export const countsOf = (checks: readonly CheckShape[]): Counts => ({
  met: checks.filter((c) => c.answer === "yes").length,
  open: checks.filter((c) => !c.ok && c.answer === "no").length,
  unknown: checks.filter((c) => !c.ok && c.answer === "unknown").length,
  waived: checks.filter((c) => c.waived !== null).length,
});

/** May this agent version go live? Computed, never typed. @throws Failure `not_found` | `forbidden` (bound to another agent) */
export const getReadiness = read("readiness.get", {
  needs: "readiness.read",
  input: readinessInput,
  run: async ({ tx, ctx, input }): Promise<ReadinessShape> => {
    assertBound(ctx, input.agent_id, null);
    const agent = await store.agent(tx.sql, ctx.environmentId, input.agent_id);
    if (!agent) throw notFound("agent");
    const version = input.version ?? agent.version;
    const asked = { agentId: agent.agentId, version, gated: agent.gated };
    const [[gate], runs, tried] = await Promise.all([
      gatesOf(tx.sql, ctx.environmentId, [asked]),
      store.runsOf(tx.sql, ctx.environmentId, [asked]),
      store.triedVersions(tx.sql, ctx.environmentId, agent.agentId),
    ]);
    if (!gate) throw notFound("agent");
    const open = blocking(gate.checks);
    const seen = [agent.version, ...(runs.get(agent.agentId)?.versions ?? []), ...tried].filter((v) => v !== null);
    return {
      agent_id: agent.agentId,
      version,
      versions: [...new Set(seen)].slice(0, 20),
      ready: open.length === 0,
      as_of: ctx.now().toISOString(),
      blocking: open.map(({ check, title, detail }) => ({ check, title, detail })),
      counts: countsOf(gate.checks),
      checks: gate.checks,
      waivers: gate.waivers.slice(0, 50).map(waiverOut),
    };
  },
});

/** Every agent with its newest version: ready, or how many things block. @throws Failure `invalid_input` */
export const listReadiness = read("readiness.list", {
  needs: "readiness.read",
  input: listReadinessInput,
  run: async ({ tx, ctx, input }): Promise<Page<AgentGateShape>> => {
    const [after = null] = decodeCursor(input.cursor, 1) ?? [];
    const from = after === null ? null : String(after);
    const rows = await store.agents(tx.sql, ctx.environmentId, boundTo(ctx).agents, from, input.limit + 1);
    const gates = new Map(
      (await gatesOf(tx.sql, ctx.environmentId, rows.slice(0, input.limit))).map((g) => [g.agentId, g.checks]),
    );
    return pageOf(
      rows,
      input.limit,
      (r) => [r.agentId],
      (r): AgentGateShape => {
        const checks = gates.get(r.agentId) ?? [];
        const open = blocking(checks);
        return {
          agent_id: r.agentId,
          version: r.version,
          ready: open.length === 0,
          blocking: open.length,
          counts: countsOf(checks),
          first: open[0] ? `${open[0].title}: ${open[0].detail}` : null,
          last_seen_at: r.lastSeenAt.toISOString(),
        };
      },
    );
  },
});
