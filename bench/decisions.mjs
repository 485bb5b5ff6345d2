import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import pg from "pg";
import { root } from "../scripts/build.mjs";
import { AUTH, KEY, keep, median, percentile, ratio, round, rounds, startInterlock } from "./lib.mjs";

// Row 2: a decision over HTTP, durable and exact, keys, tenancy, policy and record paid; beside a bare micro-batch (hold and
// record in one statement, nothing else), one SQL function call a request, and Prisma model calls in a transaction.
const SECONDS = Number(process.env.SECONDS ?? 3);
const COUNT = Number(process.env.ROUNDS ?? 5);
const CONNECTIONS = 64;
const RUNS = 64;

function load(origin, target, runs, connections = CONNECTIONS) {
  const script = path.join(root, "bench/decisions.lua");
  const args = ["-t1", `-c${connections}`, `-d${SECONDS}s`, "--latency", "-s", script];
  args.push("-H", `Authorization: Bearer ${KEY}`, "-H", "Content-Type: application/json", origin);
  const { stdout, error } = spawnSync("wrk", args, {
    encoding: "utf8",
    env: { ...process.env, RUNS: runs.join(","), TARGET: target },
  });
  if (error) throw new Error("These figures are made with wrk (Debian: apt-get install wrk).");
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1];
  if (bad) throw new Error(`${origin}${target}: ${bad} answers that are not 2xx`);
  const ms = (p) => {
    const [, n, unit] = new RegExp(`^\\s+${p}%\\s+([\\d.]+)(us|ms|s)`, "m").exec(stdout) ?? [];
    return Number(n) * (unit === "us" ? 0.001 : unit === "s" ? 1000 : 1);
  };
  return { rps: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), p50: ms(50), p99: ms(99) };
}

const api = (origin, method, at, body) =>
  fetch(`${origin}/api/v1${at}`, {
    method,
    headers: { ...AUTH, "content-type": "application/json" },
    body: JSON.stringify(body),
  }).then(async (r) => {
    if (r.status >= 400) throw new Error(`${method} ${at}: ${r.status} ${await r.text()}`);
    return r.json();
  });

async function openRuns(origin, agent, count) {
  const ids = [];
  for (let n = 0; n < count; n++)
    ids.push(
      (
        await api(origin, "POST", "/runs", {
          request_id: `${agent}-${n}-${Date.now()}`,
          agent_id: agent,
          task_type: "bench",
        })
      ).run_id,
    );
  return ids;
}

/** A bare Node.js server in a process of its own, on the same database. */
async function startBare(kind, url) {
  const child = spawn(process.execPath, [path.join(root, "bench/decisions-bare.mjs"), kind], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise((r) => child.stdout.once("data", (d) => r(Number(d.toString()))));
  return { origin: `http://127.0.0.1:${port}`, stop: () => child.kill("SIGKILL") };
}

const il = await startInterlock();
const bare = [];
try {
  const url = await il.database();
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const generous = { max_steps: 1e8, max_seconds: 1e6, max_tool_calls: 1e8, max_usd: 1e6, max_tokens: 1e12 };
  const document = (agent) => ({
    bindings: [{ agent_id: agent }],
    tools: { allow: ["search.*"], deny: ["payment.*"], catalog: { "search.read": { effect: "read" } } },
    approval_thresholds: { "read:size_mb": 50 },
    conditions: [{ tool: "search.read", when: "args.limit > 100", then: "deny" }],
    budgets: generous,
  });
  await api(il.origin, "PUT", "/policies/bench", document("bench"));
  await api(il.origin, "PUT", "/budgets/bench-day", {
    scope: { kind: "agent", key: "bench" },
    metric: "usd",
    amount: 1e6,
    window: "day",
  });
  const runs = await openRuns(il.origin, "bench", RUNS);
  const hot = runs.slice(0, 1);
  const servers = Object.fromEntries(
    await Promise.all(["batch", "function", "prisma"].map(async (kind) => [kind, await startBare(kind, url)])),
  );
  bare.push(...Object.values(servers));

  const r = await rounds(COUNT, {
    ours: async () => load(il.origin, "/api/v1/decisions", runs),
    hot: async () => load(il.origin, "/api/v1/decisions", hot),
    batch: async () => load(servers.batch.origin, "/", runs),
    function: async () => load(servers.function.origin, "/", runs),
    functionHot: async () => load(servers.function.origin, "/", hot),
    prisma: async () => load(servers.prisma.origin, "/", runs),
    alone: async () => load(il.origin, "/api/v1/decisions", hot, 1),
    roundTrip: async () => {
      const times = [];
      for (let n = 0; n < 400; n++) {
        const started = performance.now();
        await db.query("insert into bench_round (n) values ($1)", [n]);
        times.push(performance.now() - started);
      }
      return { p50: percentile(times, 50) };
    },
  });
  const rps = (name) => r[name].map((x) => x.rps);
  const { rows: over } = await db.query("select count(*)::int as n from bench_budgets where used > amount");
  keep("decisions", {
    target:
      ">= 0.5 of the bare micro-batch, >= 15 x Prisma, p99 <= 15 ms at 64, p50 <= 3 x one round trip when alone, hot >= 10 x unbatched",
    rounds: COUNT,
    result: {
      ours: {
        rps: round(median(rps("ours")), 0),
        p50_ms: round(median(r.ours.map((x) => x.p50))),
        p99_ms: round(median(r.ours.map((x) => x.p99))),
      },
      one_run: { rps: round(median(rps("hot")), 0), p99_ms: round(median(r.hot.map((x) => x.p99))) },
      bare_micro_batch: { rps: round(median(rps("batch")), 0), p99_ms: round(median(r.batch.map((x) => x.p99))) },
      sql_function: { rps: round(median(rps("function")), 0), one_row_rps: round(median(rps("functionHot")), 0) },
      prisma: { rps: round(median(rps("prisma")), 0), p99_ms: round(median(r.prisma.map((x) => x.p99))) },
      alone: {
        p50_ms: round(median(r.alone.map((x) => x.p50)), 3),
        round_trip_ms: round(median(r.roundTrip.map((x) => x.p50)), 3),
      },
      "ours / micro-batch": ratio(rps("ours"), rps("batch")),
      "ours / sql function": ratio(rps("ours"), rps("function")),
      "ours / prisma": ratio(rps("ours"), rps("prisma")),
      "one run / sql function on one row": ratio(rps("hot"), rps("functionHot")),
      "alone p50 / round trip": ratio(
        r.alone.map((x) => x.p50),
        r.roundTrip.map((x) => x.p50),
      ),
      overspent_budgets: over[0].n,
    },
  });
  await db.end();
} finally {
  for (const server of bare) server.stop();
  await il.stop();
}
