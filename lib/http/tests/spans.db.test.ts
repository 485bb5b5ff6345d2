import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { CLIENTS, read } from "../../runs/fixtures/oracle";
import { trailToOtlp } from "../../runs/fixtures/trail";
import { type Api, type Json, startApi, until } from "./harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const TRACES = "/api/otel/v1/traces";
const fixtures = path.resolve("lib/runs/fixtures/otlp");
const capture = (name: string): Buffer => readFileSync(path.join(fixtures, name));
const otlp = (body: Buffer | string, type = "application/json", options: Parameters<Api["post"]>[2] = {}) =>
  api.call("POST", TRACES, typeof body === "string" ? body : new Uint8Array(body), {
    ...options,
    headers: { "content-type": type, ...options.headers },
  });

/** All runs and spans of an environment, as the API tells them. */
async function stored(key: string) {
  const { body } = await api.get("/runs?limit=500", { key });
  const runs = body.items as unknown as (Json & { run_id: string; tokens: Record<string, number> })[];
  const spans: (Json & { kind: string; tool: string; args_hash: string | null; status: string })[] = [];
  for (const run of runs) {
    let cursor: string | null = null;
    do {
      const page = await api.get(
        `/runs/${encodeURIComponent(run.run_id)}/spans?limit=500${cursor ? `&cursor=${cursor}` : ""}`,
        { key },
      );
      spans.push(...(page.body.items as unknown as typeof spans));
      cursor = page.body.next_cursor as unknown as string | null;
    } while (cursor);
  }
  return { runs, spans };
}
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

describe("what each real client sends arrives as the payload says", () => {
  const clients = Object.keys(CLIENTS).filter((name) => existsSync(path.join(fixtures, `${name}.json`)));
  for (const name of clients)
    for (const encoding of ["json", "pb"] as const) {
      const file = `${name}.${encoding}`;
      if (!existsSync(path.join(fixtures, file))) continue;
      test(`${file}: runs, model calls, tool calls, tokens, tool names, arguments, errors`, async () => {
        const client = CLIENTS[name];
        if (!client) throw new Error(name);
        const key = await api.key(["agent", "read"], { environment: `c-${name}-${encoding}` });
        const body = capture(file);
        const type = encoding === "json" ? "application/json" : "application/x-protobuf";
        const zipped = encoding === "json";
        const answer = await otlp(zipped ? gzipSync(body) : body, type, {
          key,
          headers: zipped ? { "content-encoding": "gzip" } : {},
        });
        expect([answer.status, answer.body]).toEqual([200, {}]);
        const { runs, spans } = await stored(key);
        // mcp-traceloop was captured in two requests, of which the protobuf file holds the last.
        const picked =
          encoding === "pb" && name === "mcp-traceloop" ? new Set(spans.map((s) => String(s.span_id))) : undefined;
        const said = read(JSON.parse(capture(`${name}.json`).toString()), client, picked);
        expect({
          runs: runs.length,
          llm: spans.filter((s) => s.kind === "model").length,
          tools: spans.filter((s) => s.kind === "tool").length,
          input: sum(runs.map((r) => r.tokens.input ?? 0)),
          output: sum(runs.map((r) => r.tokens.output ?? 0)),
          errors: spans.filter((s) => s.status === "error").length,
          toolNames: spans
            .filter((s) => s.kind === "tool")
            .map((s) => s.tool)
            .sort(),
          argHashes: spans
            .filter((s) => s.kind === "tool" && s.args_hash)
            .map((s) => s.args_hash ?? "")
            .sort(),
        }).toEqual({ ...said, toolNames: [...said.toolNames].sort(), argHashes: [...said.argHashes].sort() });
      });
    }

  const trail = path.resolve("../shared/data/otel-dev");
  test.skipIf(!existsSync(trail))(
    "all traces of shared/data/otel-dev are accepted whole (skipped where that folder is absent)",
    async () => {
      const key = await api.key(["agent", "read"], { environment: "trail" });
      const files = readdirSync(trail).filter((f) => f.endsWith(".json.gz"));
      let sent = 0;
      for (const file of files) {
        const body = trailToOtlp(JSON.parse(gunzipSync(readFileSync(path.join(trail, file))).toString()));
        const answer = await otlp(gzipSync(JSON.stringify(body)), "application/json", {
          key,
          headers: { "content-encoding": "gzip" },
        });
        expect([file, answer.status, answer.body]).toEqual([file, 200, {}]);
        sent++;
      }
      const [row] = await api.query(
        "select count(*)::int as n from runs r join environments e on e.id = r.environment_id where e.slug = 'trail'",
      );
      expect([sent, row?.n]).toEqual([79, 79]);
    },
    120_000,
  );
});

describe("POST /api/otel/v1/traces", () => {
  const span = (more: Json = {}) => ({
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    name: "chat gpt-4o",
    kind: 3,
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now() + 5}000000`,
    attributes: [
      { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
      { key: "gen_ai.request.model", value: { stringValue: "gpt-4o" } },
      { key: "gen_ai.agent.name", value: { stringValue: "poster" } },
      { key: "gen_ai.usage.input_tokens", value: { intValue: "1000000" } },
      { key: "gen_ai.usage.output_tokens", value: { intValue: "100000" } },
    ],
    ...more,
  });
  const request = (spans: Json[]) =>
    JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "t" }, spans }] }] });

  test("200 with an empty answer for an empty request", async () => {
    expect((await otlp("{}")).status).toBe(200);
    expect((await otlp(Buffer.alloc(0), "application/x-protobuf")).status).toBe(200);
  });

  test("stored once however often it is sent, also at the same time; cost from the price table with its source", async () => {
    const key = await api.key(["agent", "read"], { environment: "once" });
    const body = request([span()]);
    await Promise.all(Array.from({ length: 10 }, () => otlp(body, "application/json", { key })));
    await otlp(body, "application/json", { key });
    const { runs, spans } = await stored(key);
    expect(spans).toMatchObject([
      { kind: "model", cost_usd: 3.5, cost_source: "table", tokens: { input: 1_000_000, output: 100_000 } },
    ]);
    expect(runs).toMatchObject([
      {
        run_id: "5b8efff798038103d269b633813fc60c",
        source: "otlp",
        agent_id: "poster",
        cost_usd: 3.5,
        model_calls: 1,
        spans: 1,
      },
    ]);
  });

  test("200 with partial success naming each span that is refused; what is valid beside it is kept", async () => {
    const key = await api.key(["agent", "read"], { environment: "partial" });
    const bad = [
      span({ spanId: "00" }),
      span({ traceId: "0".repeat(32) }),
      span({ startTimeUnixNano: "0", spanId: "aaaaaaaaaaaaaaaa" }),
    ];
    const answer = await otlp(request([...bad, span()]), "application/json", { key });
    expect(answer.status).toBe(200);
    const partial = answer.body.partialSuccess as unknown as { rejectedSpans: string; errorMessage: string };
    expect(partial.rejectedSpans).toBe("3");
    expect(partial.errorMessage).toContain("resourceSpans[0].scopeSpans[0].spans[2].startTimeUnixNano");
    expect((await stored(key)).spans).toHaveLength(1);
  });

  test("a span that ends before it starts is kept, its duration unknown; one from a skewed clock lands on its own day", async () => {
    const key = await api.key(["agent", "read"], { environment: "skew" });
    const old = `${Date.UTC(2026, 0, 5)}000000`;
    await otlp(
      request([
        span({ endTimeUnixNano: "1" }),
        span({ spanId: "bbbbbbbbbbbbbbbb", startTimeUnixNano: old, endTimeUnixNano: old }),
      ]),
      "application/json",
      { key },
    );
    const { spans } = await stored(key);
    expect(spans.map((s) => s.duration_ms).sort()).toEqual([0, null].sort());
    expect(spans[0]?.started_at).toBe("2026-01-05T00:00:00.000Z");
  });

  test("a span that names its run brings its whole trace there, whatever came before it", async () => {
    const key = await api.key(["agent", "read"], { environment: "named" });
    const run = await api.openRun({ agent_id: "poster" }, { key });
    await otlp(request([span()]), "application/json", { key });
    expect((await stored(key)).runs.map((r) => r.run_id).sort()).toEqual(
      [run.run_id, "5b8efff798038103d269b633813fc60c"].sort(),
    );
    const naming = span({
      spanId: "cccccccccccccccc",
      attributes: [{ key: "interlock.run.id", value: { stringValue: run.run_id } }],
    });
    await otlp(request([naming]), "application/json", { key });
    const { runs, spans } = await stored(key);
    expect(runs).toMatchObject([
      { run_id: run.run_id, source: "api", status: "running", spans: 2, model_calls: 1, cost_usd: 3.5 },
    ]);
    expect(spans).toHaveLength(2);
  });

  test("a run known from spans ends by itself, failed where its root did", async () => {
    const key = await api.key(["agent", "read"], { environment: "ends" });
    const ago = (s: number) => `${Date.now() - s * 1000}000000`;
    const root = (more: Json) =>
      span({ parentSpanId: "", startTimeUnixNano: ago(100), endTimeUnixNano: ago(90), ...more });
    await otlp(
      request([root({}), root({ traceId: "a".repeat(32), status: { code: 2, message: "boom" } })]),
      "application/json",
      { key },
    );
    await api.sweep();
    const { runs } = await stored(key);
    expect(runs.map((r) => [r.status, r.stop_reason]).sort()).toEqual([
      ["completed", "success"],
      ["failed", "internal_error"],
    ]);
  });

  test("secrets in arguments and attributes are redacted before storage", async () => {
    const key = await api.key(["agent", "read"], { environment: "secret" });
    const args = JSON.stringify({
      api_key: "sk-live-abcdefghijklmnopqrstuvwxyz",
      q: "Bearer abcdefghijklmnopqrstuvwx",
    });
    const attributes = [
      { key: "gen_ai.operation.name", value: { stringValue: "execute_tool" } },
      { key: "gen_ai.tool.name", value: { stringValue: "http.get" } },
      { key: "gen_ai.tool.call.arguments", value: { stringValue: args } },
      { key: "http.request.header.authorization", value: { stringValue: "Bearer topsecretvalue1234567890" } },
    ];
    await otlp(request([span({ attributes })]), "application/json", { key });
    const rows = await api.query(
      "select s.* from spans s join environments e on e.id = s.environment_id where e.slug = 'secret'",
    );
    expect(JSON.stringify(rows)).not.toMatch(/sk-live|topsecret|abcdefghijklmnopqrstuvwx/);
  });

  test.each([
    ["400", "{ not json", "application/json", {}],
    ["400", "\u000a\u00ff\u00ff", "application/x-protobuf", {}],
    ["400", "not gzip at all", "application/json", { "content-encoding": "gzip" }],
    ["415", "hello", "text/plain", {}],
    ["415", "{}", "application/json", { "content-encoding": "br" }],
  ])("%s for %j as %s", async (status, body, type, headers) => {
    const answer = await otlp(Buffer.from(body, "latin1"), type, { headers: headers as Record<string, string> });
    expect(String(answer.status)).toBe(status);
    if (type === "application/json") expect(answer.body).toMatchObject({ code: 3, message: expect.any(String) });
  });

  test("413 for a gzip bomb and for a body that is too large; the server goes on", async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 32));
    expect((await otlp(bomb, "application/json", { headers: { "content-encoding": "gzip" } })).status).toBe(413);
    expect((await otlp(Buffer.alloc(65 * 1024 * 1024, 32), "application/json")).status).toBe(413);
    expect((await otlp("{}")).status).toBe(200);
  }, 60_000);

  test("401 without a key, 403 for one without the scope; x-api-key and Basic are keys too", async () => {
    expect((await otlp("{}", "application/json", { key: null })).status).toBe(401);
    expect((await otlp("{}", "application/json", { key: await api.key(["read"]) })).status).toBe(403);
    const ingest = await api.key(["ingest"]);
    expect((await otlp("{}", "application/json", { key: null, headers: { "x-api-key": ingest } })).status).toBe(200);
    const basic = `Basic ${Buffer.from(`public:${ingest}`).toString("base64")}`;
    expect((await otlp("{}", "application/json", { key: null, headers: { authorization: basic } })).status).toBe(200);
  });

  test("a key bound to one agent cannot write another's spans", async () => {
    const key = await api.key(["agent", "read"], { environment: "bound", agent_ids: ["somebody-else"] });
    const answer = await otlp(request([span()]), "application/json", { key });
    expect((answer.body.partialSuccess as unknown as Json).rejectedSpans).toBe("1");
  });
});

describe("POST /spans", () => {
  const at = (s: number): string => new Date(Date.UTC(2026, 10, 20, 9, 0, s)).toISOString();
  const tool = (n: number, more: Json = {}): Json => ({
    span_id: `s-${n}`,
    kind: "tool",
    name: "search.read",
    args: { q: "x" },
    started_at: at(n),
    ended_at: at(n),
    ...more,
  });

  test("200 counts what is new, what was there, and what is refused by index and path", async () => {
    const { run_id } = await api.openRun();
    const spans = [
      tool(1),
      tool(2),
      { ...tool(3), kind: "guess" },
      { ...tool(4), surprise: 1 },
      7,
      { kind: "tool", name: "x" },
    ];
    const first = await api.post("/spans", { run_id, spans });
    expect(first.body).toMatchObject({ accepted: 2, duplicates: 0 });
    expect((first.body.rejected as unknown as Json[]).map((r) => [r.index, r.path])).toEqual([
      [2, "spans[2].kind"],
      [3, "spans[3].surprise"],
      [4, "spans[4]"],
      [5, "spans[5].span_id"],
      [5, "spans[5].started_at"],
    ]);
    expect((await api.post("/spans", { run_id, spans })).body).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  test("200 a batch with a request_id needs neither ids nor times, and a repeat adds nothing", async () => {
    const { run_id } = await api.openRun();
    const batch = {
      run_id,
      request_id: "b-1",
      spans: [
        { kind: "tool", name: "a", tool_call_id: "" },
        { kind: "tool", name: "b", tool_call_id: "" },
      ],
    };
    expect((await api.post("/spans", batch)).body).toMatchObject({ accepted: 2 });
    expect((await api.post("/spans", batch)).body).toMatchObject({ accepted: 0, duplicates: 2 });
    const { body } = await api.get(`/runs/${run_id}/spans`);
    expect((body.items as unknown as Json[]).map((s) => s.name)).toEqual(["a", "b"]);
  });

  test("200 the end before the start is kept with duration null; ties in time keep the array's order", async () => {
    const { run_id } = await api.openRun();
    await api.post("/spans", {
      run_id,
      spans: [tool(9, { ended_at: at(1) }), tool(5, { span_id: "z" }), tool(5, { span_id: "a" })],
    });
    const { body } = await api.get(`/runs/${run_id}/spans`);
    const items = body.items as unknown as Json[];
    expect(items.map((s) => s.span_id)).toEqual(["z", "a", "s-9"]);
    expect(items[2]?.duration_ms).toBeNull();
  });

  test("fingerprints ignore named volatile fields, hashes do not", async () => {
    const { run_id } = await api.openRun();
    const args = (reason: string): Json => ({ args: { q: "x", reason } });
    await api.post("/spans", {
      run_id,
      spans: [tool(1, args("first")), tool(2, args("second")), tool(3, { args: { q: "y", reason: "first" } })],
    });
    const { body } = await api.get(`/runs/${run_id}/spans`);
    const items = body.items as unknown as { args_hash: string; args_fingerprint: string }[];
    expect(new Set(items.map((s) => s.args_hash)).size).toBe(3);
    expect(new Set(items.map((s) => s.args_fingerprint)).size).toBe(2);
  });

  test("a run never opened is known from its spans; a gated run keeps its status and takes tokens and cost", async () => {
    await api.post("/spans", { run_id: "history-1", agent_id: "old-bot", task_type: "import", spans: [tool(1)] });
    expect((await api.get("/runs/history-1")).body).toMatchObject({
      source: "otlp",
      agent_id: "old-bot",
      task_type: "import",
      gate: "cooperative",
    });
    const { run_id } = await api.openRun();
    await api.post("/spans", {
      run_id,
      spans: [
        {
          span_id: "m",
          kind: "model",
          name: "chat",
          model: "gpt-4o-mini-2024-07-18",
          tokens: { input: 1_000_000, output: 0, cached: 1_000_000 },
          started_at: at(1),
        },
      ],
    });
    const run = await until(async () => {
      const { body } = await api.get(`/runs/${run_id}`);
      return (body.cost_usd as unknown as number) > 0 && body;
    });
    expect(run).toMatchObject({
      status: "running",
      source: "api",
      tokens: { input: 1_000_000, cached: 1_000_000 },
      cost_usd: 0.075,
    });
  });

  test("201 opening a run that its spans came before: it is gated from now on and has what the request says", async () => {
    await api.post("/spans", { run_id: "early-1", agent_id: "early-bot", task_type: "import", spans: [tool(1)] });
    await until(async () => (await api.get("/runs/early-1")).status === 200);
    const answer = await api.post("/runs", {
      request_id: "early-request",
      run_id: "early-1",
      agent_id: "early-bot",
      task_type: "refund",
      versions: { version: "2.4.0" },
    });
    expect([answer.status, answer.body.run_id]).toEqual([201, "early-1"]);
    expect((await api.get("/runs/early-1")).body).toMatchObject({
      source: "api",
      gate: "enforced",
      status: "running",
      task_type: "refund",
      agent_version: "2.4.0",
      spans: 1,
    });
  });

  test("a model that nobody priced is counted as unpriced, never as free; a price of one's own holds from then on", async () => {
    const { run_id } = await api.openRun();
    const model = (n: number) => ({
      span_id: `m-${n}`,
      kind: "model",
      name: "chat",
      model: "our-own-7b",
      tokens: { input: 1_000_000, output: 0 },
      started_at: at(n),
    });
    await api.post("/spans", { run_id, spans: [model(1)] });
    expect((await api.get(`/runs/${run_id}`)).body).toMatchObject({ cost_usd: 0, unpriced_calls: 1 });
    expect((await api.put("/prices/their-own-7b", { input_usd: 2, output_usd: 4, cached_usd: null })).status).toBe(200);
    await api.post("/spans", { run_id, spans: [{ ...model(2), model: "their-own-7b" }] });
    const { body } = await api.get("/prices");
    expect((body.items as unknown as Json[]).find((p) => p.model === "their-own-7b")).toMatchObject({
      source: "edited",
      input_usd: 2,
    });
  });

  test("413 for 200 MB, 403 for a run of another binding, 404 nothing of another environment is touched", async () => {
    const { run_id } = await api.openRun({ agent_id: "owner" });
    const bound = await api.key(["agent"], { agent_ids: ["not-owner"] });
    expect((await api.post("/spans", { run_id, spans: [tool(1)] }, { key: bound })).status).toBe(403);
    const far = await api.key(["agent", "read"], { environment: "far-away" });
    await api.post("/spans", { run_id, spans: [tool(1)] }, { key: far });
    expect((await api.get(`/runs/${run_id}/spans`)).body.items).toEqual([]);
    const big = new Uint8Array(200 * 1024 * 1024).fill(32);
    expect((await api.call("POST", "/spans", big)).status).toBe(413);
  }, 60_000);
});

test("an agent is enforced while it opens its runs here, cooperative once only spans tell of one", async () => {
  const at = new Date().toISOString();
  const { run_id } = await api.openRun({ agent_id: "gate" });
  await api.post("/spans", { run_id, spans: [{ span_id: "1", kind: "tool", name: "x", started_at: at }] });
  const gate = async () => (await api.get("/agents/gate")).body.gate;
  expect(await gate()).toBe("enforced");
  await api.post("/spans", {
    run_id: "gate-ungated",
    agent_id: "gate",
    spans: [{ span_id: "1", kind: "tool", name: "x", started_at: at }],
  });
  expect(await gate()).toBe("cooperative");
});
