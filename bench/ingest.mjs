import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import pg from "pg";
import copy from "pg-copy-streams";
import { root } from "../scripts/build.mjs";
import { AUTH, keep, median, percentile, ratio, round, rounds, startInterlock } from "./lib.mjs";

// Row 3: spans in, acknowledged after the commit, beside COPY of the same rows.
const SPANS = Number(process.env.SPANS ?? 20_000);
const COUNT = Number(process.env.ROUNDS ?? 5);
const PER_REQUEST = 100;
const require = createRequire(import.meta.url);
const protobuf = require("protobufjs");

const file = path.join(root, "build", `bench-ingest-${process.pid}.mjs`);
await build({
  stdin: {
    contents: `export { insertSpans } from "./lib/runs/store/spans"; export { factsOf, toRow } from "./lib/runs/ingest/rows";
      export { decodeProtobuf, normalise } from "./lib/runs/otlp"; export { OTLP_PROTO } from "./lib/runs/fixtures/otlp.proto";`,
    resolveDir: root,
    loader: "ts",
  },
  outfile: file,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
});
const il = await startInterlock();
process.env.DATABASE_URL = await il.database();
const { insertSpans, factsOf, toRow, decodeProtobuf, normalise, OTLP_PROTO } = await import(pathToFileURL(file).href);
const Request = protobuf.parse(OTLP_PROTO, { keepCase: false }).root.lookupType("Request");

/** Traces of ten spans as an AI SDK agent sends them: a root, model calls and tool calls, about 650 bytes of attributes each. */
function makeRequest(spans) {
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (key, value) => ({ key, value: { stringValue: value } });
  const int = (key, value) => ({ key, value: { intValue: value } });
  const out = [];
  let traceId = randomBytes(16);
  let rootId = randomBytes(8);
  for (let n = 0; n < spans; n++) {
    const at = n % 10;
    if (at === 0) {
      traceId = randomBytes(16);
      rootId = randomBytes(8);
    }
    const start = now + BigInt(n) * 1_000_000n;
    const model = at % 2 === 1;
    const attributes =
      at === 0
        ? [
            text("gen_ai.operation.name", "invoke_agent"),
            text("gen_ai.agent.name", "bench-agent"),
            text("gen_ai.conversation.id", "conv-1"),
          ]
        : model
          ? [
              text("gen_ai.operation.name", "chat"),
              text("gen_ai.request.model", "gpt-4o"),
              text("gen_ai.provider.name", "openai"),
              int("gen_ai.usage.input_tokens", 1200 + n),
              int("gen_ai.usage.output_tokens", 80),
              text("gen_ai.agent.name", "bench-agent"),
              text(
                "gen_ai.input.messages",
                `[{"role":"user","parts":[{"type":"text","content":"${"where is my order ".repeat(12)}"}]}]`,
              ),
            ]
          : [
              text("gen_ai.operation.name", "execute_tool"),
              text("gen_ai.tool.name", "search.read"),
              text("gen_ai.tool.call.id", `call_${n}`),
              text("gen_ai.tool.call.arguments", `{"q":"order ${n}","index":"jira"}`),
              text("gen_ai.tool.call.result", `{"ok":true,"data":["${"row ".repeat(50)}"]}`),
            ];
    out.push({
      traceId,
      spanId: at === 0 ? rootId : randomBytes(8),
      parentSpanId: at === 0 ? undefined : rootId,
      name: model ? "chat gpt-4o" : "step",
      kind: 1,
      startTimeUnixNano: start.toString(),
      endTimeUnixNano: (start + 900_000n).toString(),
      attributes,
      status: {},
    });
  }
  const resource = { attributes: [text("service.name", "bench")] };
  return Buffer.from(
    Request.encode(
      Request.fromObject({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "gen_ai" }, spans: out }] }] }),
    ).finish(),
  );
}
const bodies = (spans) => Array.from({ length: Math.ceil(spans / PER_REQUEST) }, () => makeRequest(PER_REQUEST));

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 });
const environmentId = (await pool.query("select id from environments limit 1")).rows[0].id;
await pool.query("create unlogged table if not exists bench_none ()");
await pool.query("drop table bench_none");
await pool.query("create table bench_plain (like spans)");
await pool.query("create table bench_same (like spans including all)");
const columns = (
  await pool.query(
    "select attname from pg_attribute where attrelid = 'spans'::regclass and attnum > 0 and not attisdropped order by attnum",
  )
).rows.map((r) => r.attname);

function rowsOf(requests) {
  return requests.flatMap((body) => {
    const { spans } = normalise(decodeProtobuf(body), new Date());
    return spans.map((span, n) => toRow(environmentId, span.traceId, span, n, new Map()));
  });
}
function copyText(rows) {
  const cell = (v) =>
    v === null || v === undefined
      ? "\\N"
      : String(v).replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r");
  return rows
    .map((r) => {
      const s = r.span;
      const row = {
        environment_id: r.environmentId,
        holder: s.traceId,
        span_id: s.spanId,
        started_at: new Date(r.startUs / 1000).toISOString(),
        ordinal: r.ordinal,
        run_id: r.runId,
        trace_id: s.traceId,
        parent_span_id: s.parentSpanId,
        kind: s.kind,
        name: s.name,
        agent_id: s.agentId,
        to_agent: s.to,
        tool: s.tool,
        tool_call_id: s.toolCallId,
        model: s.model,
        provider: s.provider,
        status: s.status,
        error_type: s.errorType,
        error_message: s.errorMessage,
        args_hash: s.argsHash,
        args_fingerprint: s.argsFingerprint,
        result_hash: s.resultHash,
        args_preview: s.argsPreview,
        result_preview: s.resultPreview,
        tokens_input: s.tokens?.input,
        tokens_output: s.tokens?.output,
        tokens_cached: s.tokens?.cached,
        tokens_reasoning: s.tokens?.reasoning,
        cost_micros: r.costMicros,
        cost_source: r.costSource,
        finish_reasons: s.finishReasons.join(",") || null,
        http_status: s.httpStatus,
        endpoint: s.endpoint,
        prompt_hash: s.promptHash,
        decision_id: s.decisionId,
        duration_us: r.durationUs,
        convention: s.convention,
        scope_name: s.scopeName,
        dropped_attributes: s.droppedAttributes,
        attributes: JSON.stringify(s.attributes),
        events: null,
        signals: s.signals ? JSON.stringify(s.signals) : null,
        received_at: new Date().toISOString(),
      };
      return columns.map((c) => cell(row[c])).join("\t");
    })
    .join("\n");
}
async function copyInto(table, rows) {
  const text = `${copyText(rows)}\n`;
  const client = await pool.connect();
  const started = performance.now();
  await new Promise((resolve, reject) => {
    const stream = client.query(copy.from(`copy ${table} (${columns.join(", ")}) from stdin`));
    stream.on("finish", resolve);
    stream.on("error", reject);
    stream.end(text);
  });
  const seconds = (performance.now() - started) / 1000;
  client.release();
  return rows.length / seconds;
}
async function store(rows) {
  const batches = [];
  for (let n = 0; n < rows.length; n += 1_000) batches.push(rows.slice(n, n + 1_000));
  const started = performance.now();
  let inserted = 0;
  const worker = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift())
      inserted += (await insertSpans(pool, batch, factsOf(batch))).inserted;
  };
  await Promise.all([worker(), worker()]);
  return { rate: rows.length / ((performance.now() - started) / 1000), inserted };
}
async function post(requests) {
  const queue = [...requests];
  const times = [];
  const started = performance.now();
  const worker = async () => {
    for (let body = queue.shift(); body; body = queue.shift()) {
      const at = performance.now();
      const answer = await fetch(`${il.origin}/api/otel/v1/traces`, {
        method: "POST",
        headers: { ...AUTH, "content-type": "application/x-protobuf" },
        body,
      });
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return {
    rate: (requests.length * PER_REQUEST) / ((performance.now() - started) / 1000),
    p50: percentile(times, 50),
    p99: percentile(times, 99),
  };
}

try {
  await pool.query("select ensure_span_partition(current_date)");
  await post(bodies(2_000));
  let again = [];
  let againRequests = [];
  const decoding = [];
  const r = await rounds(COUNT, {
    plain: async () => copyInto("bench_plain", rowsOf(bodies(SPANS))),
    same: async () => copyInto("bench_same", rowsOf(bodies(SPANS))),
    store: async () => {
      again = rowsOf(bodies(SPANS));
      return store(again);
    },
    duplicates: async () => store(again),
    http: async () => {
      againRequests = bodies(SPANS);
      return post(againRequests);
    },
    http_again: async () => post(againRequests),
    decode: async () => {
      const requests = bodies(SPANS);
      const started = performance.now();
      for (const body of requests) normalise(decodeProtobuf(body), new Date());
      const rate = SPANS / ((performance.now() - started) / 1000);
      decoding.push(rate);
      return rate;
    },
  });
  const of = (rows) => rows.map((x) => x.rate);
  const mid = (values) => round(median(values), 0);
  const added = r.duplicates.reduce((n, x) => n + x.inserted, 0);
  keep("ingest", {
    target:
      "store >= 0.7x COPY into the same table; HTTP >= 0.45x COPY without index; the same again adds 0 rows and is not slower",
    rounds: COUNT,
    spans_a_round: SPANS,
    rows_per_second: {
      copy_without_index: mid(r.plain),
      copy_same_table: mid(r.same),
      store: mid(of(r.store)),
      same_again: mid(of(r.duplicates)),
      http: mid(of(r.http)),
      http_same_again: mid(of(r.http_again)),
      decode_and_normalise_alone: mid(r.decode),
    },
    ratios: {
      store_to_copy_same: ratio(of(r.store), r.same),
      http_to_copy_plain: ratio(of(r.http), r.plain),
      again_to_store: ratio(of(r.duplicates), of(r.store)),
      http_again_to_http: ratio(of(r.http_again), of(r.http)),
    },
    same_again_added_rows: added,
    http_ms: { p50: round(median(r.http.map((x) => x.p50))), p99: round(median(r.http.map((x) => x.p99))) },
  });
} finally {
  await pool.end();
  await il.stop();
  (await import("node:fs")).rmSync(file, { force: true });
}
