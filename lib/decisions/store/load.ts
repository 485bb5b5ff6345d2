import { noSpend, type Spend, type Window } from "../../budgets";
import type { Sql } from "../../platform/db/pool";
import {
  type Approval,
  type Book,
  type Breaker,
  type Calls,
  type Effect,
  type Hold,
  type Known,
  keyed,
  noChanges,
  type Part,
  type Recorded,
  type Run,
  type RunSpend,
} from "../book";

/** What a batch has to know. */
export type Wants = {
  runIds: Set<string>;
  requests: { runId: string; requestId: string }[];
  calls: { runId: string; fingerprint: string }[];
  effectKeys: Set<string>;
  effectIds: Set<string>;
  subjects: { runId: string; subject: string }[];
  approvalIds: Set<string>;
  agents: Set<string>;
  tools: Set<string>;
  connectors: Set<string>;
  windows: { kind: string; key: string; window: Window }[];
  decisionIds: Set<string>;
  grantIds: Set<string>;
  parts: { runId: string; kind: "stage" | "tool"; key: string }[];
  /** Somebody may have to wait for a person: are calls of the run in flight? */
  inFlight: boolean;
  /** Also every hold whose time is over, with the write it was for. */
  expired: boolean;
};
export const noWants = (): Wants => ({
  runIds: new Set(),
  requests: [],
  calls: [],
  effectKeys: new Set(),
  effectIds: new Set(),
  subjects: [],
  approvalIds: new Set(),
  agents: new Set(),
  tools: new Set(),
  connectors: new Set(),
  windows: [],
  decisionIds: new Set(),
  grantIds: new Set(),
  parts: [],
  inFlight: false,
  expired: false,
});

/** Many may expire together; whoever decides meanwhile must not wait for all of them. */
export const EXPIRED_AT_ONCE = 200;

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;
const list = (select: string) => `coalesce((select json_agg(x) from (${select}) x), '[]')`;
const SPEND = `s.steps, s.tool_calls as "toolCalls", s.tokens, s.micros, s.held_tokens as "heldTokens", s.held_micros as "heldMicros",
  s.unsettled_tokens as "unsettledTokens", s.unsettled_micros as "unsettledMicros"`;
const EFFECT = `e.effect_id as "effectId", e.key, e.run_id as "runId", e.agent_id as "agentId", e.tenant_id as "tenantId", e.tool, e.connector,
  e.effect, e.args_hash as "argsHash", e.args_preview as "argsPreview", e.status, e.attempts, e.decision_id as "decisionId",
  e.approval_id as "approvalId", e.external_id as "externalId", e.url, e.compensation, encode(e.result, 'hex') as result,
  e.result_hash as "resultHash", ${ms("e.claimed_at")} as "claimedAt", ${ms("e.hold_until")} as "holdUntil", ${ms("e.settled_at")} as "settledAt",
  ${ms("e.window_until")} as "windowUntil", e.settled_by as "settledBy", e.settle_reason as "settleReason"`;
const APPROVAL = `a.approval_id as "approvalId", a.run_id as "runId", a.subject_hash as "subjectHash", a.kind, a.status,
  ${ms("a.expires_at")} as "expiresAt", ${ms("a.requested_at")} as "requestedAt", a.effect_id as "effectId", a.settled_by as "settledBy",
  a.settle_reason as "settleReason", a.frozen_at is not null as frozen`;

/**
 * A row of a table by its key, for each row on the left. Behind a fence that the planner cannot take down: without counts of a
 * young table it would read every row of the environment instead.
 */
const each = (table: string, alias: string, where: string) =>
  `cross join lateral (select * from ${table} t where t.environment_id = $1 and ${where} offset 0) ${alias}`;

// One statement: one moment, one round trip. $1 is the environment; every list comes as arrays.
const LOAD = `
with asked as (select distinct id from unnest($2::text[]) as w(id)),
 mine as (select r.* from asked w ${each("runs", "r", "t.run_id = w.id")}),
 every as (select run_id from mine union select unnest(ancestors) from mine),
 found as (
   select e.* from unnest($6::text[]) as w(key) cross join lateral
     (select * from effects t where t.environment_id = $1 and t.key = w.key order by t.claimed_at desc limit 1) e),
 byid as (select e.* from unnest($7::text[]) as w(id) ${each("effects", "e", "t.effect_id = w.id")}),
 over as (select h.* from holds h where $18 and h.environment_id = $1 and h.state = 'held' and h.expires_at <= clock_timestamp()
   order by h.expires_at limit ${EXPIRED_AT_ONCE}),
 lapsed as (select e.* from over h ${each("decisions", "d", "t.decision_id = h.decision_id")} ${each("effects", "e", "t.effect_id = d.effect_id")}),
 ids as (select unnest($17::text[]) as id union select decision_id from found union select decision_id from byid),
 holding as (
   select h.* from ids ${each("holds", "h", "t.decision_id = ids.id")}
   union select * from over),
 questions as (
   select unnest($8::text[]) as approval_id
   union select approval_id from found union select approval_id from byid
   union select a.approval_id from unnest($9::text[], $10::text[]) as w(run, subject)
     ${each("approvals", "a", "t.run_id = w.run and t.subject_hash = w.subject")}
   union select a.approval_id from unnest($17::text[]) as w(id) cross join asked ${each("approvals", "a", "t.run_id = asked.id and t.effect_id = w.id")})
select json_build_object(
 'now', ${ms("clock_timestamp()")},
 'runs', ${list(`select r.run_id as "runId", r.agent_id as "agentId", r.tenant_id as "tenantId", r.task_type as "taskType", r.goal, r.scope,
    r.ancestors, r.status, r.stop_reason as "stopReason", r.source, r.attempt, r.lease_token as "leaseToken",
    coalesce(r.lease_until < clock_timestamp(), false) as "leaseOver", ${ms("r.started_at")} as "startedAt", r.waited_ms as "waitedMs",
    ${ms("r.waiting_since")} as "waitingSince", r.step, r.key_id as "keyId",
    case when $24 then (select count(*)::int from (select 1 from holds h where h.environment_id = $1 and h.run_id = r.run_id and h.state = 'held'
      limit 20) x) else 0 end as "inFlight"
  from every v ${each("runs", "r", "t.run_id = v.run_id")}`)},
 'spend', ${list(`select s.run_id as "runId", ${SPEND}, s.own_model_calls as "ownModelCalls", s.own_tool_calls as "ownToolCalls",
    s.own_input as "ownInput", s.own_output as "ownOutput", s.own_cached as "ownCached", s.own_micros as "ownMicros",
    s.own_unpriced as "ownUnpriced", s.unique_calls as "uniqueCalls", s.writes_done as "writesDone", s.stale_streak as "staleStreak",
    s.memory_writes as "memoryWrites", s.memory_bytes as "memoryBytes"
  from every v ${each("run_spend", "s", "t.run_id = v.run_id")}`)},
 'parts', ${list(`select s.run_id as "runId", s.kind, s.key, s.calls as "toolCalls", s.retries, s.tokens, s.micros, s.held_tokens as "heldTokens",
    s.held_micros as "heldMicros", s.unsettled_tokens as "unsettledTokens", s.unsettled_micros as "unsettledMicros"
  from unnest($21::text[], $22::text[], $23::text[]) as w(run, kind, key) ${each("run_parts", "s", "t.run_id = w.run and t.kind = w.kind and t.key = w.key")}`)},
 'known', ${list(`select d.run_id as "runId", d.request_id as "requestId", d.decision_id as "decisionId", d.request_hash as "requestHash",
    d.outcome, ${ms("d.start_by")} as "startBy", d.answer, exists (select 1 from decision_results r where r.environment_id = $1
      and r.decision_id = d.decision_id) as settled
  from unnest($3::text[], $4::text[]) as w(run, request) ${each("decisions", "d", "t.run_id = w.run and t.request_id = w.request")}`)},
 'calls', ${list(`select c.run_id as "runId", c.fingerprint, c.asked, c.streak, c.last_result as "lastResult", c.at_write as "atWrite", c.tool
  from unnest($5::text[], $19::text[]) as w(run, print) ${each("run_calls", "c", "t.run_id = w.run and t.fingerprint = w.print")}`)},
 'effects', ${list(`select ${EFFECT} from (select * from found union select * from byid union select * from lapsed) e`)},
 'holders', ${list(`select r.run_id as "runId", r.key_id as "keyId" from found f ${each("runs", "r", "t.run_id = f.run_id")}`)},
 'approvals', ${list(`select ${APPROVAL} from questions q ${each("approvals", "a", "t.approval_id = q.approval_id")}`)},
 'pending', ${list(`select w.id as "agentId", (select count(*)::int from approvals a where a.environment_id = $1 and a.status = 'pending' and a.agent_id = w.id
    and exists (select 1 from runs r where r.environment_id = $1 and r.run_id = a.run_id and r.status in ('running', 'waiting'))) as n
  from unnest($11::text[]) as w(id)`)},
 'breakers', ${list(`select b.tool, b.failures, ${ms("b.opened_at")} as "openedAt", ${ms("b.open_until")} as "openUntil",
    b.probe_decision as "probeDecision", ${ms("b.probe_until")} as "probeUntil" from unnest($12::text[]) as w(tool) ${each("breakers", "b", "t.tool = w.tool")}`)},
 'rates', ${list(`select h.connector, ${ms("h.at")} as at from unnest($13::text[]) as w(name)
    ${each("rate_hits", "h", "t.connector = w.name and t.at > clock_timestamp() - interval '60 seconds'")} order by h.at`)},
 'windows', ${list(`select w.kind, w.key, w.win as "window", ${ms("b.start")} as start, s.* from unnest($14::text[], $15::text[], $16::text[]) as w(kind, key, win)
    cross join lateral (select date_trunc(w.win, clock_timestamp(), 'UTC') as start) b
    cross join lateral (select coalesce(sum(s.steps), 0) as steps, coalesce(sum(s.tool_calls), 0) as "toolCalls", coalesce(sum(s.tokens), 0) as tokens,
      coalesce(sum(s.micros), 0) as micros, coalesce(sum(s.held_tokens), 0) as "heldTokens", coalesce(sum(s.held_micros), 0) as "heldMicros",
      coalesce(sum(s.unsettled_tokens), 0) as "unsettledTokens", coalesce(sum(s.unsettled_micros), 0) as "unsettledMicros"
      from spend_hours s where s.environment_id = $1 and s.scope_kind = w.kind and s.scope_key = w.key and s.hour >= b.start) s`)},
 'recorded', ${list(`select d.decision_id as "decisionId", d.run_id as "runId", d.kind, d.tool, d.model, d.question->>'connector' as connector, d.fingerprint,
    d.outcome, d.effect_id as "effectId", d.effect, d.question->>'stage' as stage, d.question->>'phase' as phase,
    coalesce((d.question->>'bytes')::float8, 0) as bytes, coalesce((d.question->>'attempt')::int, 1) as attempt, ${ms("d.decided_at")} as "decidedAt",
    (select jsonb_build_object('bodyHash', r.body_hash, 'answer', r.answer) from decision_results r
      where r.environment_id = $1 and r.decision_id = d.decision_id) as result
  from unnest($17::text[]) as w(id) ${each("decisions", "d", "t.decision_id = w.id")}`)},
 'holds', ${list(`select h.decision_id as "decisionId", h.run_id as "runId", h.ancestors, h.agent_id as "agentId", h.tenant_id as "tenantId",
    h.task_type as "taskType", h.tool, h.stage, h.tokens, h.micros, h.state, ${ms("h.held_at")} as "heldAt", ${ms("h.expires_at")} as "expiresAt",
    ${ms("h.hour")} as hour from holding h`)},
 'grants', ${list(`select g.id, g.max_uses - g.uses as left from unnest($20::text[]) as w(id)
    ${each("approval_grants", "g", "t.id = w.id and t.revoked_at is null and t.expires_at > clock_timestamp()")}`)}) as book`;

type Loaded = {
  now: number;
  runs: Run[];
  spend: (RunSpend & { runId: string })[];
  parts: (Part & { runId: string; kind: string; key: string })[];
  known: (Known & { runId: string; requestId: string })[];
  calls: (Calls & { runId: string; fingerprint: string })[];
  effects: Effect[];
  holders: { runId: string; keyId: string | null }[];
  approvals: Approval[];
  pending: { agentId: string; n: number }[];
  breakers: (Breaker & { tool: string })[];
  rates: { connector: string; at: number }[];
  windows: (Spend & { kind: string; key: string; window: Window; start: number })[];
  recorded: Recorded[];
  holds: Hold[];
  grants: { id: string; left: number | null }[];
};

const mapOf = <T>(rows: readonly T[], key: (row: T) => string): Map<string, T> => new Map(rows.map((r) => [key(r), r]));

/** Reads what the batch touches. The caller holds the environment's lock. */
export async function loadBook(tx: Sql, environmentId: string, revision: number, w: Wants): Promise<Book> {
  const { rows } = await tx.query<{ book: Loaded }>({
    name: "load-book",
    text: LOAD,
    values: [
      environmentId,
      [...w.runIds],
      w.requests.map((r) => r.runId),
      w.requests.map((r) => r.requestId),
      w.calls.map((c) => c.runId),
      [...w.effectKeys],
      [...w.effectIds],
      [...w.approvalIds],
      w.subjects.map((s) => s.runId),
      w.subjects.map((s) => s.subject),
      [...w.agents],
      [...w.tools],
      [...w.connectors],
      w.windows.map((x) => x.kind),
      w.windows.map((x) => x.key),
      w.windows.map((x) => x.window),
      [...w.decisionIds],
      w.expired,
      w.calls.map((c) => c.fingerprint),
      [...w.grantIds],
      w.parts.map((p) => p.runId),
      w.parts.map((p) => p.kind),
      w.parts.map((p) => p.key),
      w.inFlight,
    ],
  });
  const got = rows[0]?.book;
  if (!got) throw new Error("the book could not be read");
  const windows: Book["windows"] = new Map();
  for (const { kind, key, window, start, ...spend } of got.windows) {
    const at = windows.get(keyed(kind, key)) ?? new Map<Window, { start: number; spend: Spend }>();
    at.set(window, { start, spend: { ...noSpend(), ...spend } });
    windows.set(keyed(kind, key), at);
  }
  const rates: Book["rates"] = new Map();
  for (const { connector, at } of got.rates) rates.set(connector, [...(rates.get(connector) ?? []), at]);
  const subjects: Book["subjects"] = new Map();
  for (const a of [...got.approvals].sort((x, y) => x.requestedAt - y.requestedAt))
    subjects.set(keyed(a.runId, a.kind, a.subjectHash), a);
  const runs = mapOf(got.runs, (r) => r.runId);
  const effects = [...got.effects].sort((x, y) => x.claimedAt - y.claimedAt);
  return {
    now: got.now,
    revision,
    runs,
    spend: mapOf(got.spend, (s) => s.runId),
    parts: mapOf(
      got.parts.map(({ ...p }) => ({ ...noSpend(), ...p })),
      (p) => keyed(p.runId, p.kind, p.key),
    ),
    calls: mapOf(got.calls, (c) => keyed(c.runId, c.fingerprint)),
    effects: mapOf(effects, (e) => e.key),
    effectsById: mapOf(effects, (e) => e.effectId),
    holders: new Map(got.holders.map((h) => [h.runId, h.keyId])),
    approvals: mapOf(got.approvals, (a) => a.approvalId),
    subjects,
    pending: new Map(got.pending.map((p) => [p.agentId, p.n])),
    breakers: mapOf(got.breakers, (b) => b.tool),
    rates,
    windows,
    known: mapOf(got.known, (k) => keyed(k.runId, k.requestId)),
    recorded: mapOf(got.recorded, (r) => r.decisionId),
    holds: mapOf(got.holds, (h) => h.decisionId),
    grants: new Map(got.grants.map((g) => [g.id, g.left])),
    changes: noChanges(),
  };
}
