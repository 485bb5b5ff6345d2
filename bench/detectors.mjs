import { randomBytes } from "node:crypto";
import pg from "pg";
import { AUTH, keep, median, percentile, ratio, round, rounds, startInterlock } from "./lib.mjs";

// What detection costs: from a span's arrival to its alert under a steady load, and ingest with detectors on against off.
const RATE = Number(process.env.RATE ?? 2_000);
const SECONDS = Number(process.env.SECONDS ?? 20);
const COUNT = Number(process.env.ROUNDS ?? 5);
const SPANS = Number(process.env.SPANS ?? 20_000);
const PER_REQUEST = 100;
const PER_TRACE = 10;

const text = (key, value) => ({ key, value: { stringValue: value } });
const int = (key, value) => ({ key, value: { intValue: String(value) } });
let n = 0;
/** Traces of ten spans: a root, model calls and tool calls. In one that loops each call is the same. */
function trace(loops, agent) {
  const traceId = randomBytes(16).toString("hex");
  const root = randomBytes(8).toString("hex");
  const now = BigInt(Date.now()) * 1_000_000n;
  return Array.from({ length: PER_TRACE }, (_, at) => {
    n++;
    const start = now + BigInt(at) * 1_000_000n;
    const attributes =
      at === 0
        ? [text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.agent.name", agent)]
        : at % 2 === 1
          ? [
              text("gen_ai.operation.name", "chat"),
              text("gen_ai.request.model", "gpt-4o"),
              int("gen_ai.usage.input_tokens", 1200 + at * 100),
              int("gen_ai.usage.output_tokens", 80),
            ]
          : [
              text("gen_ai.operation.name", "execute_tool"),
              text("gen_ai.tool.name", "search.read"),
              text("gen_ai.tool.call.arguments", JSON.stringify({ q: loops ? "same" : `order ${n}`, index: "jira" })),
              text(
                "gen_ai.tool.call.result",
                JSON.stringify({ ok: true, data: [loops ? "same" : `row ${n} ${"row ".repeat(50)}`] }),
              ),
            ];
    return {
      traceId,
      spanId: at === 0 ? root : randomBytes(8).toString("hex"),
      parentSpanId: at === 0 ? undefined : root,
      name: "step",
      kind: 1,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 900_000n),
      attributes,
      status: {},
    };
  });
}
const body = (loops) =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "bench")] },
        scopeSpans: [
          {
            scope: { name: "gen_ai" },
            spans: Array.from({ length: PER_REQUEST / PER_TRACE }, (_, t) =>
              trace(loops && t === 0, `agent-${t % 5}`),
            ).flat(),
          },
        ],
      },
    ],
  });
async function send(origin, request) {
  const answer = await fetch(`${origin}/api/otel/v1/traces`, {
    method: "POST",
    headers: { ...AUTH, "content-type": "application/json" },
    body: request,
  });
  await answer.text();
  if (!answer.ok) throw new Error(`the spans were refused: ${answer.status}`);
}
/** As fast as eight senders can, every span acknowledged. @returns spans a second */
async function flood(origin) {
  const requests = Array.from({ length: SPANS / PER_REQUEST }, (_, at) => body(at % 10 === 0));
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let request = requests.pop(); request; request = requests.pop()) await send(origin, request);
    }),
  );
  return SPANS / ((performance.now() - began) / 1000);
}

const on = await startInterlock();
const off = await startInterlock({ INTERLOCK_WORKER: "off" });
const sql = new pg.Pool({ connectionString: await on.database(), max: 2 });
const caughtUp = async () => {
  const began = performance.now();
  for (;;) {
    const { rows } = await sql.query("select count(*)::int as n from run_touches");
    if (rows[0].n === 0) return (performance.now() - began) / 1000;
    await new Promise((r) => setTimeout(r, 50));
  }
};
try {
  // A steady load: one trace of a hundred spans loops.
  await flood(on.origin);
  await caughtUp();
  await sql.query("delete from alert_runs");
  const every = (1000 * PER_REQUEST) / RATE;
  const began = performance.now();
  const sent = [];
  for (let at = 0; at < (SECONDS * RATE) / PER_REQUEST; at++) {
    const wait = began + at * every - performance.now();
    if (wait > 0) await new Promise((r) => setTimeout(r, wait));
    sent.push(send(on.origin, body(true)));
  }
  await Promise.all(sent);
  const took = (performance.now() - began) / 1000;
  const behind = await caughtUp();
  const { rows } = await sql.query(
    `select extract(epoch from min(r.raised_at) - (select max(s.received_at) from spans s where s.environment_id = r.environment_id and s.run_id = r.run_id))::float8 * 1000 as ms
     from alert_runs r join alerts a using (environment_id, alert_id) where a.rule = 'runaway-consecutive' group by r.environment_id, r.run_id`,
  );
  const lags = rows.map((r) => r.ms);
  const latency = {
    spans_per_s: Math.round((sent.length * PER_REQUEST) / took),
    looping_runs: sent.length,
    alerted: lags.length,
    p50_ms: round(percentile(lags, 50)),
    p95_ms: round(percentile(lags, 95)),
    p99_ms: round(percentile(lags, 99)),
    behind_at_the_end_s: round(behind),
  };
  const lagsBehind = [];
  const results = await rounds(COUNT, {
    on: async () => {
      const rate = await flood(on.origin);
      lagsBehind.push(await caughtUp());
      return rate;
    },
    off: () => flood(off.origin),
  });
  await keep("detectors", {
    latency,
    ingest: {
      on: Math.round(median(results.on)),
      off: Math.round(median(results.off)),
      ratio: ratio(results.on, results.off),
      behind_after_a_flood_s: round(median(lagsBehind)),
    },
    targets: { p95_ms: 2_000, ratio: 0.65 },
  });
} finally {
  await sql.end();
  await off.stop();
  await on.stop();
}
