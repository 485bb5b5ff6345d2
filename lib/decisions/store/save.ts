import type { Sql } from "../../platform/db/pool";
import type { Book } from "../book";

const SUMS = [
  "steps",
  "tool_calls",
  "tokens",
  "micros",
  "held_tokens",
  "held_micros",
  "unsettled_tokens",
  "unsettled_micros",
];
const OWN = [
  "own_model_calls",
  "own_tool_calls",
  "own_input",
  "own_output",
  "own_cached",
  "own_micros",
  "own_unpriced",
  "unique_calls",
  "writes_done",
  "stale_streak",
  "memory_writes",
  "memory_bytes",
];
const PART = ["calls", "retries", ...SUMS.slice(2)];

/** Adds the differences; a row that is not there begins with them. */
const addTo = (table: string, keys: string[], sums: string[], param: number) => `insert into ${table} as t
  (environment_id, ${keys.join(", ")}, ${sums.join(", ")})
  select $1, ${keys.map((k) => `x.${k}`).join(", ")}, ${sums.map((s) => `coalesce(x.${s}, 0)`).join(", ")}
  from json_populate_recordset(null::${table}, $${param}) x order by ${keys.map((k) => `x.${k}`).join(", ")}
  on conflict (environment_id, ${keys.join(", ")}) do update set ${sums.map((s) => `${s} = t.${s} + excluded.${s}`).join(", ")}`;

const put = (table: string, key: string[], columns: string[], param: number) => `insert into ${table}
  (environment_id, ${[...key, ...columns].join(", ")})
  select $1, ${[...key, ...columns].map((c) => `x.${c}`).join(", ")} from json_populate_recordset(null::${table}, $${param}) x
  on conflict (environment_id, ${key.join(", ")}) do update set ${columns.map((c) => `${c} = excluded.${c}`).join(", ")}`;

const insert = (
  table: string,
  columns: string[],
  param: number,
  more = "",
) => `insert into ${table} (environment_id, ${columns.join(", ")})
  select $1, ${columns.map((c) => `x.${c}`).join(", ")} from json_populate_recordset(null::${table}, $${param}) x ${more}`;

const DECISION = [
  "decision_id",
  "run_id",
  "request_id",
  "request_hash",
  "agent_id",
  "tenant_id",
  "task_type",
  "kind",
  "tool",
  "model",
  "effect",
  "args_hash",
  "fingerprint",
  "outcome",
  "code",
  "policy_id",
  "policy_version",
  "approval_id",
  "effect_id",
  "grant_id",
  "question",
  "answer",
  "control_revision",
  "decided_at",
  "start_by",
];
const RESULT = [
  "decision_id",
  "body_hash",
  "status",
  "http_status",
  "error_type",
  "error_message",
  "latency_ms",
  "endpoint",
  "tokens_input",
  "tokens_output",
  "tokens_cached",
  "cost_micros",
  "cost_source",
  "result_hash",
  "output_valid",
  "late",
  "answer",
  "received_at",
];
const EFFECT = [
  "key",
  "run_id",
  "agent_id",
  "tenant_id",
  "tool",
  "connector",
  "effect",
  "args_hash",
  "args_preview",
  "status",
  "attempts",
  "decision_id",
  "approval_id",
  "external_id",
  "url",
  "compensation",
  "result",
  "result_hash",
  "claimed_at",
  "hold_until",
  "settled_at",
  "window_until",
  "settled_by",
  "settle_reason",
];
const HOLD = [
  "run_id",
  "ancestors",
  "agent_id",
  "tenant_id",
  "task_type",
  "tool",
  "stage",
  "tokens",
  "micros",
  "state",
  "held_at",
  "expires_at",
  "hour",
];
const APPROVAL = [
  "approval_id",
  "run_id",
  "agent_id",
  "tenant_id",
  "task_type",
  "kind",
  "tool",
  "model",
  "connector",
  "effect",
  "subject_hash",
  "args",
  "question",
  "decision_id",
  "rule",
  "says",
  "policy_id",
  "policy_version",
  "ladder",
  "stage",
  "stage_due_at",
  "remind_at",
  "break_glass_roles",
  "requested_key",
  "requested_person",
  "requested_name",
  "requested_at",
  "expires_at",
];
const EVENT = [
  "source",
  "scope",
  "window_start",
  "limit_kind",
  "metric",
  '"then"',
  "value",
  "amount",
  "run_id",
  "agent_id",
  "at",
];

/** What a batch writes, part by part; a part without rows is left out of the statement. */
const PARTS: { name: string; sql: (param: number) => string }[] = [
  { name: "decisions", sql: (n) => insert("decisions", DECISION, n) },
  { name: "results", sql: (n) => insert("decision_results", RESULT, n) },
  { name: "runSpend", sql: (n) => addTo("run_spend", ["run_id"], [...SUMS, ...OWN], n) },
  { name: "parts", sql: (n) => addTo("run_parts", ["run_id", "kind", "key"], PART, n) },
  { name: "hours", sql: (n) => addTo("spend_hours", ["scope_kind", "scope_key", "hour", "source"], SUMS, n) },
  {
    name: "calls",
    sql: (n) => put("run_calls", ["run_id", "fingerprint"], ["tool", "asked", "streak", "last_result", "at_write"], n),
  },
  { name: "effects", sql: (n) => put("effects", ["effect_id"], EFFECT, n) },
  {
    name: "breakers",
    sql: (n) => put("breakers", ["tool"], ["failures", "opened_at", "open_until", "probe_decision", "probe_until"], n),
  },
  { name: "hits", sql: (n) => insert("rate_hits", ["connector", "decision_id", "at"], n, "on conflict do nothing") },
  { name: "holds", sql: (n) => put("holds", ["decision_id"], HOLD, n) },
  {
    name: "released",
    sql: (n) =>
      `delete from holds where environment_id = $1 and decision_id in (select json_array_elements_text($${n}))`,
  },
  { name: "approvals", sql: (n) => insert("approvals", APPROVAL, n) },
  {
    name: "approvalStates",
    sql: (
      n,
    ) => `update approvals a set status = x.status, effect_id = x.effect_id, used_at = case when x.status = 'used' then now() end
      from json_populate_recordset(null::approvals, $${n}) x where a.environment_id = $1 and a.approval_id = x.approval_id`,
  },
  {
    name: "runs",
    sql: (
      n,
    ) => `update runs r set status = x.status, step = greatest(r.step, x.step), waiting_since = x.waiting_since, waited_ms = x.waited_ms,
        last_activity_at = now(), lease_until = case when x.status = 'waiting' then null else now() + interval '60 seconds' end
      from json_populate_recordset(null::runs, $${n}) x
      where r.environment_id = $1 and r.run_id = x.run_id and r.status in ('running', 'waiting')`,
  },
  {
    name: "grants",
    sql: (
      n,
    ) => `update approval_grants g set uses = g.uses + x.uses from json_populate_recordset(null::approval_grants, $${n}) x
      where g.environment_id = $1 and g.id = x.id`,
  },
  { name: "events", sql: (n) => insert("budget_events", EVENT, n, "on conflict do nothing") },
  {
    name: "touches",
    sql: (n) =>
      `insert into run_touches (environment_id, run_id) select $1, x from json_array_elements_text($${n}) as e(x)`,
  },
];

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const names = new Map<string, string>();
function snake(name: string): string {
  const known = names.get(name) ?? name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
  names.set(name, known);
  return known;
}
const snaked = (row: Record<string, unknown>) => Object.fromEntries(Object.entries(row).map(([k, v]) => [snake(k), v]));

function rowsOf(book: Book): Record<string, unknown[]> {
  const c = book.changes;
  const cut = (key: string) => key.split("\n");
  return {
    decisions: c.decisions,
    results: c.results,
    runSpend: [...c.runSpend].map(([run_id, sums]) => ({ run_id, ...snaked(sums) })),
    parts: [...c.parts].map(([key, { toolCalls, ...sums }]) => {
      const [run_id, kind, name] = cut(key);
      return { run_id, kind, key: name, calls: toolCalls, ...snaked(sums) };
    }),
    hours: [...c.hours].map(([key, sums]) => {
      const [scope_kind, scope_key, hour] = cut(key);
      return { scope_kind, scope_key, hour: time(Number(hour)), source: "decisions", ...snaked(sums) };
    }),
    calls: [...c.calls].map((key) => {
      const [run_id, fingerprint] = cut(key);
      const { tool, asked, streak, lastResult, atWrite } = book.calls.get(key) ?? {};
      return { run_id, fingerprint, tool, asked, streak, last_result: lastResult, at_write: atWrite };
    }),
    effects: [...c.effects].map((e) => ({
      ...snaked(e),
      result: e.result === null ? null : `\\x${e.result}`,
      claimed_at: time(e.claimedAt),
      hold_until: time(e.holdUntil),
      settled_at: time(e.settledAt),
      window_until: time(e.windowUntil),
    })),
    breakers: [...c.breakers].map((tool) => {
      const b = book.breakers.get(tool);
      return {
        tool,
        failures: b?.failures.map((at) => Math.round(at)),
        opened_at: time(b?.openedAt ?? null),
        open_until: time(b?.openUntil ?? null),
        probe_decision: b?.probeDecision ?? null,
        probe_until: time(b?.probeUntil ?? null),
      };
    }),
    hits: c.hits,
    holds: [...c.holds.values()].flatMap((h) =>
      h ? [{ ...snaked(h), held_at: time(h.heldAt), expires_at: time(h.expiresAt), hour: time(h.hour) }] : [],
    ),
    released: [...c.holds].flatMap(([id, h]) => (h ? [] : [id])),
    approvals: c.approvals,
    approvalStates: [...c.approvalStates].map(([approval_id, s]) => ({
      approval_id,
      status: s.status,
      effect_id: s.effectId,
    })),
    runs: [...c.runs].flatMap((id) => {
      const r = book.runs.get(id);
      return r
        ? [
            {
              run_id: id,
              status: r.status,
              step: r.step,
              waiting_since: time(r.waitingSince),
              waited_ms: Math.round(r.waitedMs),
            },
          ]
        : [];
    }),
    grants: [...c.grants].map(([id, uses]) => ({ id, uses })),
    events: [...c.events.values()],
    touches: [...new Set([...c.decisions.map((d) => d.run_id), ...c.runSpend.keys()])],
  };
}

const statements = new Map<string, { name: string; text: string }>();

/** Writes what the batch has changed, in one statement. Nothing to write: no round trip. */
export async function saveBook(tx: Sql, environmentId: string, book: Book): Promise<void> {
  const rows = rowsOf(book);
  const used = PARTS.filter((p) => (rows[p.name]?.length ?? 0) > 0);
  if (used.length === 0) return;
  const shape = used.map((p) => p.name).join(",");
  let statement = statements.get(shape);
  if (statement === undefined) {
    const ctes = used.map((p, n) => `c${n} as (${p.sql(n + 2).replaceAll(`$${n + 2}`, `$${n + 2}::json`)})`);
    statement = { name: `save-${statements.size}`, text: `with ${ctes.join(",\n")} select 1` };
    statements.set(shape, statement);
  }
  await tx.query({ ...statement, values: [environmentId, ...used.map((p) => JSON.stringify(rows[p.name]))] });
}
