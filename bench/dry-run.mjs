import pg from "pg";
import { AUTH, keep, median, round, startInterlock } from "./lib.mjs";

// A draft over 100,000 decisions of the past: by the code that decides, in the order they were asked. Target: under 10 s.
const DECISIONS = Number(process.env.DECISIONS ?? 100_000);
const COUNT = Number(process.env.ROUNDS ?? 5);
const PER_RUN = 40;

const il = await startInterlock();
try {
  const api = async (method, at, body) => {
    const r = await fetch(`${il.origin}/api/v1${at}`, {
      method,
      headers: { ...AUTH, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await r.json();
    if (r.status >= 400) throw new Error(`${method} ${at}: ${r.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const document = {
    bindings: [{ agent_id: "bench" }],
    tools: {
      allow: ["search.read", "ticket.create"],
      catalog: { "search.read": { effect: "read", connector: "web" } },
    },
    connectors: { web: { role: "full", rate_limit_per_min: 100_000 } },
    conditions: [{ tool: "ticket.create", when: "args.priority == 'P1'", then: "require_approval" }],
    budgets: { max_steps: 1e6, max_seconds: 1e6, max_tool_calls: 1e6, max_usd: 1e6 },
    loop_detection: { repeated_calls_threshold: 1000, no_progress_threshold: 1000 },
  };
  await api("PUT", "/policies/bench", document);
  const { run_id } = await api("POST", "/runs", { request_id: "seed", agent_id: "bench", task_type: "bench" });
  for (let n = 0; n < PER_RUN; n++) {
    const tool = n % 3 === 2 ? "ticket.create" : "search.read";
    const args = { q: `outage ${n % 10}`, n: n % 13, priority: n % 5 === 0 ? "P1" : "P2" };
    const { decision_id, outcome } = await api("POST", "/decisions", {
      run_id,
      kind: "tool",
      tool,
      args,
      facts: { size_mb: n },
      estimate: { usd: 0.01, tokens: 400 },
    });
    if (outcome === "allow")
      await api("POST", `/decisions/${decision_id}/result`, { status: "ok", result: { n: n % 4 }, usd: 0.01 });
  }
  const db = new pg.Client({ connectionString: await il.database() });
  await db.connect();
  const copies = Math.ceil(DECISIONS / PER_RUN);
  const columns = async (table) =>
    (
      await db.query(
        "select column_name as c from information_schema.columns where table_name = $1 order by ordinal_position",
        [table],
      )
    ).rows.map((r) => `"${r.c}"`);
  const copy = async (table, changed) => {
    const all = await columns(table);
    const picked = all.map((c) => changed[c] ?? `t.${c}`);
    await db.query(
      `insert into ${table} (${all.join(", ")}) select ${picked.join(", ")} from ${table} t cross join generate_series(1, ${copies}) n where t.run_id = $1`,
      [run_id],
    );
  };
  await copy("runs", {
    '"run_id"': "t.run_id || n",
    '"request_id"': "t.request_id || n",
    '"started_at"': "t.started_at - n * interval '10 minutes'",
    '"status"': "'completed'",
    '"stop_reason"': "'success'",
  });
  await copy("decisions", {
    '"decision_id"': "t.decision_id || n",
    '"run_id"': "t.run_id || n",
    '"decided_at"': "t.decided_at - n * interval '10 minutes'",
  });
  const results = await columns("decision_results");
  await db.query(
    `insert into decision_results (${results.join(", ")}) select ${results.map((c) => (c === '"decision_id"' ? "t.decision_id || n" : `t.${c}`)).join(", ")}
     from decision_results t cross join generate_series(1, ${copies}) n`,
  );
  await db.query("analyze");
  await db.end();

  const draft = {
    ...document,
    loop_detection: { repeated_calls_threshold: 2, no_progress_threshold: 4 },
    budgets: { ...document.budgets, max_usd: 0.25, max_tool_calls: 30 },
    conditions: [{ tool: "ticket.create", when: "args.n > 8", then: "deny" }],
  };
  const times = [];
  let answer;
  for (let n = 0; n < COUNT; n++) {
    const started = performance.now();
    answer = await api("POST", "/policies/bench/dry-run", { document: draft, limit: DECISIONS });
    times.push((performance.now() - started) / 1000);
  }
  keep("dry-run", {
    target: `a draft over ${DECISIONS} decisions in under 10 s`,
    rounds: COUNT,
    result: {
      seconds: round(median(times)),
      worst_s: round(Math.max(...times)),
      decisions: answer.decisions,
      differ: answer.differ,
      groups: answer.groups.map(
        (g) => `${g.from.outcome} -> ${g.to.outcome} ${g.to.code}: ${g.calls} calls in ${g.runs} runs`,
      ),
    },
  });
} finally {
  await il.stop();
}
