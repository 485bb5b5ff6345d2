import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../lib/http/tests/harness";
import { bundle, root } from "../scripts/build.mjs";

// Three servers on one database, two hundred callers at once: what holds in one process has to hold in all of them.
const KEY = `ilk_${"t".repeat(40)}`;
const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-together-"));
const out = path.join(root, "build", `together-${process.pid}`);
const first = 41_000 + (process.pid % 8_000) * 3;
const ports = [first, first + 1, first + 2];
const CALLERS = 200;

type Body = Record<string, unknown>;
type Answer = { status: number; body: Body };
let servers: ChildProcess[] = [];
let database = "";
let db: pg.Client;

function start(port: number, more: Record<string, string>): ChildProcess {
  const env = {
    ...process.env,
    PORT: String(port),
    HOST: "127.0.0.1",
    LOG_LEVEL: "silent",
    NODE_ENV: "production",
    ...more,
  };
  return spawn(process.execPath, [path.join(out, "server.mjs")], {
    cwd: root,
    env: env as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
}
const ready = (port: number) =>
  until(
    () =>
      fetch(`http://127.0.0.1:${port}/api/ready`).then(
        (r) => r.ok,
        () => false,
      ),
    60_000,
  );
async function call(port: number, method: string, at: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${at}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal ?? AbortSignal.timeout(30_000),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}
let living = ports;
const at = (n: number): number => living[n % living.length] ?? first;
const post = (n: number, path_: string, body: unknown) => call(at(n), "POST", path_, body);
let opened = 0;
async function openRun(agent_id: string, more: Body = {}): Promise<string> {
  opened++;
  const answer = await post(opened, "/runs", { request_id: `r${opened}`, agent_id, task_type: "task", ...more });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return String(answer.body.run_id);
}
const policy = (id: string, agent: string, more: Body = {}) =>
  call(first, "PUT", `/policies/${id}`, {
    bindings: [{ agent_id: agent }],
    tools: { allow: ["*"], catalog: { "search.read": { effect: "read" } } },
    budgets: { max_seconds: 3_600, max_tool_calls: 100_000, max_usd: 1_000_000 },
    loop_detection: { repeated_calls_threshold: 100_000, no_progress_threshold: 100_000 },
    ...more,
  }).then((r) => expect([r.status, r.body.errors]).toEqual([200, undefined]));
/** All at once, spread over the three servers. */
const crowd = (question: (n: number) => Body, count = CALLERS): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => post(n, "/decisions", question(n))));
const tally = (answers: Answer[]): Record<string, number> => {
  const out_: Record<string, number> = {};
  for (const { status, body } of answers) {
    const key = status === 200 ? `${body.outcome}${body.outcome === "deny" ? ` ${body.code}` : ""}` : String(status);
    out_[key] = (out_[key] ?? 0) + 1;
  }
  return out_;
};

beforeAll(async () => {
  await bundle(out);
  servers = [start(first, { INTERLOCK_DATA_DIR: folder, DATABASE_URL: "", INTERLOCK_INIT_KEY: KEY })];
  await ready(first);
  const { database: password, session } = JSON.parse(readFileSync(path.join(folder, "secrets.json"), "utf8"));
  database = `postgres://interlock:${password}@127.0.0.1:${readFileSync(path.join(folder, "postgres.port"), "utf8")}/interlock`;
  for (const port of ports.slice(1)) {
    const data = mkdtempSync(path.join(os.tmpdir(), "interlock-together-"));
    servers.push(
      start(port, {
        INTERLOCK_DATA_DIR: data,
        DATABASE_URL: database,
        NEXTAUTH_SECRET: session,
        INTERLOCK_WORKER: "off",
      }),
    );
  }
  await Promise.all(ports.map(ready));
  db = new pg.Client({ connectionString: database });
  await db.connect();
}, 120_000);

afterAll(async () => {
  await db?.end().catch(() => undefined);
  for (const server of [...servers].reverse()) {
    server.kill("SIGTERM");
    const over = server.exitCode !== null || server.signalCode !== null;
    await new Promise((resolve) => (over ? resolve(null) : server.once("exit", resolve)));
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
}, 60_000);

describe("200 callers in 3 servers on one database", () => {
  test("a $1.00 cap of a run lets exactly 10 calls of 10 cents through, at every repetition", async () => {
    await policy("money", "money-*", { budgets: { max_seconds: 3_600, max_tool_calls: 100_000, max_usd: 1 } });
    for (let round = 0; round < 5; round++) {
      const run_id = await openRun("money-1");
      const answers = await crowd((n) => ({
        run_id,
        kind: "tool",
        tool: "search.read",
        args: { n },
        estimate: { usd: 0.1 },
      }));
      expect(tally(answers)).toEqual({ allow: 10, "deny cost_budget": CALLERS - 10 });
    }
  }, 60_000);

  test("a $1.00 cap of a tenant holds over many runs, whoever opened them", async () => {
    await policy("tenants", "tenant-agent");
    await call(first, "PUT", "/budgets/tenant-dollar", {
      scope: { kind: "tenant", key: "acme" },
      metric: "usd",
      amount: 1,
      window: "day",
    });
    const runs = await Promise.all(Array.from({ length: 20 }, () => openRun("tenant-agent", { tenant_id: "acme" })));
    const answers = await crowd((n) => ({
      run_id: runs[n % runs.length],
      kind: "model",
      model: "gpt-4o",
      estimate: { usd: 0.1, tokens: 10 },
    }));
    expect(tally(answers)).toEqual({ allow: 10, "deny cost_budget": CALLERS - 10 });
  }, 60_000);

  test("exactly as many tool calls, tokens, steps and different calls as are planned", async () => {
    await policy("counts", "counts-*", {
      budgets: { max_tool_calls: 7, max_tokens: 900, max_steps: 5, max_seconds: 3_600, max_usd: 1_000 },
    });
    await policy("unique", "unique-*", { budgets: { max_unique_calls: 6, max_seconds: 3_600 } });
    const calls = await openRun("counts-1");
    expect(tally(await crowd((n) => ({ run_id: calls, kind: "tool", tool: "search.read", args: { n } })))).toEqual({
      allow: 7,
      "deny tool_budget": CALLERS - 7,
    });
    const tokens = await openRun("counts-1");
    expect(
      tally(await crowd(() => ({ run_id: tokens, kind: "model", model: "m", estimate: { tokens: 100, usd: 0 } }))),
    ).toEqual({
      allow: 9,
      "deny token_budget": CALLERS - 9,
    });
    const steps = await openRun("counts-1");
    expect(tally(await crowd(() => ({ run_id: steps, kind: "step" })))).toEqual({
      allow: 5,
      "deny step_budget": CALLERS - 5,
    });
    const unique = await openRun("unique-1");
    expect(tally(await crowd((n) => ({ run_id: unique, kind: "tool", tool: "search.read", args: { n } })))).toEqual({
      allow: 6,
      "deny unique_calls": CALLERS - 6,
    });
  }, 60_000);

  test("no minute holds more calls of a connector than its cap, over all runs", async () => {
    await policy("rates", "rates-*", { connectors: { jira: { role: "full", rate_limit_per_min: 12 } } });
    const runs = await Promise.all(Array.from({ length: 10 }, () => openRun("rates-1")));
    const answers = await crowd((n) => ({
      run_id: runs[n % 10],
      kind: "tool",
      tool: "search.read",
      connector: "jira",
      args: { n },
    }));
    expect(tally(answers)).toEqual({ allow: 12, wait: CALLERS - 12 });
    for (const { body } of answers) if (body.outcome === "wait") expect(body.retry_after_ms).toBeGreaterThan(30_000);
  }, 60_000);

  test("one write sent 200 times happens once; once it is done, the ledger answers", async () => {
    await policy("writes", "writes-*");
    for (let round = 0; round < 3; round++) {
      const run_id = await openRun("writes-1");
      const question = { run_id, kind: "tool", tool: "ticket.create", args: { title: `Login outage ${round}` } };
      const answers = await crowd(() => question);
      expect(tally(answers)).toEqual({ allow: 1, wait: CALLERS - 1 });
      const won = answers.find((a) => a.body.outcome === "allow");
      await post(round, `/decisions/${String(won?.body.decision_id)}/result`, { status: "ok", result: { id: "T-1" } });
      expect(tally(await crowd(() => question))).toEqual({ replay: CALLERS });
    }
  }, 60_000);

  test("one question sent 200 times with its request_id is one decision", async () => {
    await policy("asked", "asked-*");
    const run_id = await openRun("asked-1");
    const answers = await crowd(() => ({
      run_id,
      request_id: "q-1",
      kind: "tool",
      tool: "ticket.create",
      args: { a: 1 },
    }));
    expect(new Set(answers.map((a) => a.body.decision_id)).size).toBe(1);
    expect(tally(answers)).toEqual({ allow: CALLERS });
    const { rows } = await db.query("select count(*)::int as n from decisions where run_id = $1", [run_id]);
    expect(rows[0].n).toBe(1);
    const { rows: holds } = await db.query("select count(*)::int as n from holds where run_id = $1", [run_id]);
    expect(holds[0].n).toBe(1);
  }, 60_000);

  test("one question to a person sent 200 times is one approval, and its yes is spent once", async () => {
    await policy("people", "people-*", { conditions: [{ tool: "mail.send", when: "true", then: "require_approval" }] });
    const run_id = await openRun("people-1");
    const question = { run_id, kind: "tool", tool: "mail.send", args: { to: "x" } };
    const answers = await crowd(() => question);
    const ids = new Set(answers.map((a) => (a.body.approval as { id: string } | null)?.id));
    expect([ids.size, tally(answers)]).toEqual([1, { require_approval: CALLERS }]);
    // A verdict needs somebody else: it is written as the other person's key would.
    await db.query(
      "update approvals set status = 'approved', settled_by = 'Ana', settled_at = now() where approval_id = $1",
      [[...ids][0]],
    );
    expect(tally(await crowd(() => question))).toEqual({ allow: 1, wait: CALLERS - 1 });
  }, 60_000);

  test("no decision that begins after a stop has committed is allowed, on any server", async () => {
    await policy("stopped", "stopped-*");
    for (let round = 0; round < 5; round++) {
      const agent = `stopped-${round}`;
      const run_id = await openRun(agent);
      let sw: Answer | undefined;
      const asking = crowd((n) => ({ run_id, kind: "tool", tool: "search.read", args: { n } }));
      const setting = call(at(round), "POST", "/switches", {
        scope: { kind: "agent", key: agent },
        mode: "stop",
        reason: "03:00",
      }).then((r) => {
        sw = r;
      });
      const after = setting.then(() =>
        crowd((n) => ({ run_id, kind: "tool", tool: "search.read", args: { n, after: true } }), 60),
      );
      const [answers, , late] = await Promise.all([asking, setting, after]);
      expect(answers.every((a) => a.body.outcome === "allow" || a.body.code === "stopped")).toBe(true);
      expect(tally(late)).toEqual({ "deny stopped": 60 });
      const { rows } = await db.query(
        "select count(*)::int as n from decisions where run_id = $1 and outcome = 'allow' and decided_at > $2::timestamptz",
        [run_id, sw?.body.set_at],
      );
      expect(rows[0].n).toBe(0);
    }
  }, 60_000);
});

describe("kill -9 at random instants", () => {
  const CAP = 3;
  const rows = async (text: string, values: unknown[] = []) => (await db.query(text, values)).rows as Body[];

  test("of callers and a server: no cap is passed, no allow is without its record, no hold outlives its time", async () => {
    await policy("crash", "crash-*", { budgets: { max_usd: CAP, max_seconds: 3_600, max_tool_calls: 100_000 } });
    const runs = await Promise.all(Array.from({ length: 6 }, () => openRun("crash-1")));
    const allowed: string[] = [];
    const victim = ports[2] ?? first;
    let going = true;
    const caller = async (n: number) => {
      for (let i = 0; going && i < 400; i++) {
        // Every sixth caller hangs up on its question: what was booked for it must not be lost, nor count for ever.
        const signal = n % 6 === 0 ? AbortSignal.timeout(3) : AbortSignal.timeout(5_000);
        const question = {
          run_id: runs[(n + i) % runs.length],
          kind: "tool",
          tool: "search.read",
          args: { n, i },
          estimate: { usd: 0.01 },
        };
        const answer = await call(ports[n % 3] ?? first, "POST", "/decisions", question, signal).catch(() => null);
        if (answer?.body.outcome !== "allow") continue;
        allowed.push(String(answer.body.decision_id));
        if (i % 2 === 0)
          await post(n % 2, `/decisions/${String(answer.body.decision_id)}/result`, { status: "ok", usd: 0.01 }).catch(
            () => null,
          );
      }
    };
    const callers = Array.from({ length: 24 }, (_, n) => caller(n));
    await until(async () => allowed.length > 60, 20_000);
    servers[2]?.kill("SIGKILL");
    living = ports.slice(0, 2);
    await until(
      () =>
        fetch(`http://127.0.0.1:${victim}/api/health`).then(
          () => false,
          () => true,
        ),
      20_000,
    );
    going = false;
    await Promise.all(callers);

    const spend = await rows(
      "select run_id, micros + held_micros + unsettled_micros as used from run_spend where run_id = any($1)",
      [runs],
    );
    for (const { used } of spend) expect(Number(used)).toBeLessThanOrEqual(CAP * 1e6);
    const recorded = await rows("select decision_id from decisions where decision_id = any($1) and outcome = 'allow'", [
      allowed,
    ]);
    expect(recorded.length).toBe(allowed.length);
    const sums = await rows(
      `select s.run_id, s.held_micros = coalesce((select sum(h.micros) from holds h where h.run_id = s.run_id and h.state = 'held'), 0) as held_right,
         s.micros = coalesce((select sum(r.cost_micros) from decision_results r join decisions d using (environment_id, decision_id) where d.run_id = s.run_id), 0) as spent_right
       from run_spend s where s.run_id = any($1)`,
      [runs],
    );
    for (const s of sums) expect(s).toMatchObject({ held_right: true, spent_right: true });

    await db.query("update holds set expires_at = now() - interval '1 second' where run_id = any($1)", [runs]);
    await until(
      async () => (await rows("select 1 from holds where run_id = any($1) and state = 'held'", [runs])).length === 0,
      20_000,
    );
    const after = await rows(
      "select run_id, held_micros, micros + unsettled_micros as used from run_spend where run_id = any($1)",
      [runs],
    );
    for (const { held_micros, used } of after)
      expect([Number(held_micros), Number(used) <= CAP * 1e6]).toEqual([0, true]);
  }, 90_000);

  test("of Postgres in the middle of decisions: what was acknowledged is there, and the sums are right", async () => {
    const pidFile = path.join(folder, "postgres", "postmaster.pid");
    await policy("ledger", "ledger-*");
    const run_id = await openRun("crash-1");
    const other = await openRun("ledger-1");
    const allowed: string[] = [];
    const effects: string[] = [];
    let going = true;
    const caller = async (n: number) => {
      for (let i = 0; going && i < 2_000; i++) {
        const money = await call(first, "POST", "/decisions", {
          run_id,
          request_id: `pg-${n}-${i}`,
          kind: "tool",
          tool: "search.read",
          args: { n, i },
          estimate: { usd: 0.001 },
        }).catch(() => null);
        if (money?.body.outcome === "allow") allowed.push(String(money.body.decision_id));
        const write = await call(first, "POST", "/decisions", {
          run_id: other,
          kind: "tool",
          tool: "ticket.create",
          args: { n, i },
        }).catch(() => null);
        if (write?.body.outcome === "allow") effects.push(String(write.body.effect_id));
      }
    };
    const callers = Array.from({ length: 8 }, (_, n) => caller(n));
    await until(async () => effects.length > 40, 20_000);
    db.on("error", () => undefined);
    process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGKILL");
    await until(
      () =>
        call(first, "GET", "/policies").then(
          (r) => r.status === 503,
          () => true,
        ),
      20_000,
    ).catch(() => undefined);
    await until(
      () =>
        call(first, "POST", "/decisions", { run_id: other, kind: "step" }).then(
          (r) => r.status === 200,
          () => false,
        ),
      40_000,
    );
    going = false;
    await Promise.all(callers);
    db = new pg.Client({ connectionString: database });
    await db.connect();
    expect((await rows("select 1 from decisions where decision_id = any($1)", [allowed])).length).toBe(allowed.length);
    expect((await rows("select 1 from effects where effect_id = any($1)", [effects])).length).toBe(effects.length);
    const [sum] = await rows(
      `select s.micros + s.held_micros + s.unsettled_micros as used, (select sum(h.micros) from holds h where h.run_id = s.run_id and h.state = 'held') as held,
         s.held_micros from run_spend s where s.run_id = $1`,
      [run_id],
    );
    expect(Number(sum?.used)).toBeLessThanOrEqual(CAP * 1e6);
    expect(Number(sum?.held)).toBe(Number(sum?.held_micros));
    const twice = await rows("select key from effects where run_id = $1 group by key having count(*) > 1", [other]);
    expect(twice).toEqual([]);
  }, 120_000);
});
