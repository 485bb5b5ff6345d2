import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provide } from "../../platform/env";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

type Errors = { path: string }[];
const paths = (body: Json) => ((body.errors ?? []) as Errors).map((e) => e.path);
const one = (run_id: string, more: Json = {}) => ({
  run_id,
  name: "grounding",
  score: 0.8,
  evaluator: "judge-2",
  ...more,
});
const touches = async (run: string) =>
  (await api.query("select count(*)::int as n from run_touches where run_id = $1", [run]))[0]?.n as number;
const items = (body: Json) => body.items as Json[];

let runs = 0;
/** A run that has ended so, with a version. */
async function ended(agent_id: string, version: string, stop_reason = "success", more: Json = {}): Promise<string> {
  const { run_id } = await api.openRun({ agent_id, run_id: `ev-${runs++}`, versions: { agent: version }, ...more });
  await api.post(`/runs/${run_id}/finish`, { stop_reason });
  return run_id;
}

describe("POST /evaluations", () => {
  test("201 with its run's agent and version, and detectors look at the run again", async () => {
    const { run_id } = await api.openRun({ agent_id: "scored", versions: { agent: "3.4.1" } });
    const before = await touches(run_id);
    const { status, body } = await api.post("/evaluations", one(run_id, { passed: true, notes: "cited all" }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ agent_id: "scored", agent_version: "3.4.1", score: 0.8, passed: true, span_id: null });
    expect(String(body.evaluation_id)).toMatch(/^evl_/);
    expect(await touches(run_id)).toBe(before + 1);
  });

  test("201 for an array and for {evaluations}, each kept", async () => {
    const { run_id } = await api.openRun();
    const array = await api.post("/evaluations", [one(run_id), one(run_id, { name: "relevance" })]);
    const wrapped = await api.post("/evaluations", { evaluations: [one(run_id, { name: "calibration" })] });
    expect([array.status, items(array.body).length, wrapped.status]).toEqual([201, 2, 201]);
    const read = await api.get(`/evaluations?run_id=${run_id}`);
    expect(
      items(read.body)
        .map((e) => e.name)
        .sort(),
    ).toEqual(["calibration", "grounding", "relevance"]);
  });

  test("422 names each bad entry by its path, and nothing of the batch is kept", async () => {
    const { run_id } = await api.openRun();
    const bad = [
      one(run_id),
      one(run_id, { score: 1.2 }),
      one(run_id, { colour: "red" }),
      one(run_id, { notes: "x".repeat(2_001) }),
    ];
    const array = await api.post("/evaluations", bad);
    const wrapped = await api.post("/evaluations", { evaluations: bad });
    expect([array.status, paths(array.body)]).toEqual([422, ["[1].score", "[2].colour", "[3].notes"]]);
    expect(paths(wrapped.body)).toEqual(["evaluations[1].score", "evaluations[2].colour", "evaluations[3].notes"]);
    expect(paths((await api.post("/evaluations", one(run_id, { score: -0.1, extra: 1 }))).body)).toEqual([
      "score",
      "extra",
    ]);
    expect((await api.post("/evaluations", [])).status).toBe(422);
    expect((await api.post("/evaluations", "7")).status).toBe(422);
    expect((await api.post("/evaluations", Array(501).fill(one(run_id)))).status).toBe(422);
    expect(items((await api.get(`/evaluations?run_id=${run_id}`)).body)).toEqual([]);
  });

  test("404 with the path for a run that is not here, also another environment's; nothing is kept", async () => {
    const { run_id } = await api.openRun();
    const far = await api.key(["agent", "read"], { environment: "far" });
    const said = await api.post("/evaluations", [one(run_id), one("nowhere")]);
    expect([said.status, paths(said.body)]).toEqual([404, ["[1].run_id"]]);
    expect(paths((await api.post("/evaluations", one(run_id), { key: far })).body)).toEqual(["run_id"]);
    expect(items((await api.get(`/evaluations?run_id=${run_id}`)).body)).toEqual([]);
  });

  test("403 without the scope agent, and by a key that is bound elsewhere; its list holds its own alone", async () => {
    const { run_id } = await api.openRun({ agent_id: "blue", tenant_id: "globex" });
    const other = await api.openRun({ agent_id: "red", tenant_id: "acme" });
    expect((await api.post("/evaluations", one(run_id), { key: await api.key(["read"]) })).status).toBe(403);
    const bindings = [{ agent_ids: ["re*"] }, { tenant_ids: ["acme"] }];
    for (const binding of bindings) {
      const key = await api.key(["agent", "read"], binding);
      expect((await api.post("/evaluations", one(run_id), { key })).status).toBe(403);
      expect((await api.post("/evaluations", [one(other.run_id), one(run_id)], { key })).status).toBe(403);
    }
    await api.post("/evaluations", [one(run_id), one(other.run_id)]);
    for (const binding of bindings) {
      const { body } = await api.get("/evaluations?name=grounding", { key: await api.key(["read"], binding) });
      expect(new Set(items(body).map((e) => e.agent_id))).toEqual(new Set(["red"]));
    }
  });
});

test("200 GET /evaluations page by page, newest first, by agent and time", async () => {
  const { run_id } = await api.openRun({ agent_id: "paged" });
  await api.post(
    "/evaluations",
    Array.from({ length: 5 }, (_, n) => one(run_id, { score: n / 10 })),
  );
  const seen: unknown[] = [];
  let cursor = "";
  do {
    const { body } = await api.get(`/evaluations?agent_id=paged&limit=2${cursor}`);
    seen.push(...items(body).map((e) => e.evaluation_id));
    cursor = body.next_cursor ? `&cursor=${String(body.next_cursor)}` : "";
  } while (cursor);
  expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
  const later = new Date(Date.now() + 60_000).toISOString();
  expect(items((await api.get(`/evaluations?agent_id=paged&from=${later}`)).body)).toEqual([]);
  expect((await api.get("/evaluations?cursor=bad")).status).toBe(422);
});

test("200 GET /evaluations/summary: per version and name, per day, and the rules over scores", async () => {
  const old = await ended("summed", "1.0");
  const fresh = await ended("summed", "2.0");
  await api.post("/evaluations", [
    ...[0.2, 0.6, 1].map((score, n) => one(old, { score, passed: n > 0 })),
    one(fresh, { score: 0.9 }),
  ]);
  const env = await api.environment("production");
  await api.query(
    `insert into detection_rules (environment_id, slug, category, name, metric, op, threshold, severity, mode, updated_by)
     values ($1, 'low_score', 'wrong_answer', 'Low score', 'eval_score', '<', 0.7, 'warning', 'observe', 't')`,
    [env],
  );
  const { body } = await api.get("/evaluations/summary?agent_id=summed&days=7");
  const [a, b] = [...items(body)].sort((x, y) => String(x.agent_version).localeCompare(String(y.agent_version)));
  expect(a).toMatchObject({ agent_version: "1.0", count: 3, judged: 3 });
  expect([a?.mean, a?.p10, a?.share_passed].map((v) => Number(v).toFixed(2))).toEqual(["0.60", "0.28", "0.67"]);
  expect(b).toMatchObject({ agent_version: "2.0", count: 1, mean: 0.9, share_passed: null });
  expect((body.days as unknown as Json[]).map((d) => [d.agent_version, d.count])).toEqual([
    ["1.0", 3],
    ["2.0", 1],
  ]);
  expect(body.thresholds).toEqual([{ rule: "low_score", name: "Low score", agent_id: null, op: "<", threshold: 0.7 }]);
  const { body: who } = await api.get("/evaluations/agents");
  expect(items(who).find((i) => i.agent_id === "summed")).toMatchObject({ evaluations: 4, names: ["grounding"] });
});

describe("checkpoints", () => {
  const save = (run_id: string, more: Json = {}) =>
    api.post("/checkpoints", { run_id, step: 3, state_hash: "sha256:aa", bytes: 512, ...more });

  test("201, then 200 for the same state, then 409 checkpoint_mismatch that is kept and told to detectors", async () => {
    const { run_id } = await api.openRun();
    const made = await save(run_id);
    const id = String(made.body.checkpoint_id);
    expect([made.status, id.slice(0, 3)]).toEqual([201, "cp_"]);
    const good = await api.post(`/checkpoints/${id}/verify`, { state_hash: "sha256:aa" });
    expect([good.status, good.body]).toEqual([200, { match: true }]);
    const before = await touches(run_id);
    const bad = await api.post(`/checkpoints/${id}/verify`, { state_hash: "sha256:AA" });
    expect([bad.status, bad.body.code, bad.body.run_id]).toEqual([409, "checkpoint_mismatch", run_id]);
    expect(await touches(run_id)).toBe(before + 1);
    const [row] = items((await api.get(`/checkpoints?run_id=${run_id}`)).body);
    expect([row?.verified_at, row?.mismatch_at].map((t) => typeof t)).toEqual(["string", "string"]);
    const resumed = await api.openRun({ resumed_from: row?.checkpoint_id });
    expect([resumed.status, resumed.body.code]).toEqual([409, "checkpoint_mismatch"]);
    expect((await api.openRun({ resumed_from: "a checkpoint of their own" })).status).toBe(201);
  });

  test("404 for a run, a parent of another run, and a checkpoint of another environment", async () => {
    const { run_id } = await api.openRun();
    const other = await api.openRun();
    const parent = String((await save(run_id)).body.checkpoint_id);
    expect((await save(run_id, { step: 4, parent_checkpoint_id: parent })).status).toBe(201);
    const wrong = await save(other.run_id, { parent_checkpoint_id: parent });
    expect([wrong.status, paths(wrong.body)]).toEqual([404, ["parent_checkpoint_id"]]);
    expect(paths((await save("nowhere")).body)).toEqual(["run_id"]);
    const far = { key: await api.key(["agent", "read"], { environment: "far" }) };
    expect((await api.post(`/checkpoints/${parent}/verify`, { state_hash: "x" }, far)).status).toBe(404);
    expect((await api.get(`/checkpoints?run_id=${run_id}`, far)).status).toBe(404);
    const steps = items((await api.get(`/checkpoints?run_id=${run_id}&limit=1`)).body).map((c) => c.step);
    expect(steps).toEqual([4]);
  });

  test("403 by a key that is bound elsewhere, 422 for what is no hash", async () => {
    const { run_id } = await api.openRun({ agent_id: "blue-2" });
    const id = String((await save(run_id)).body.checkpoint_id);
    const bound = { key: await api.key(["agent"], { agent_ids: ["red"] }) };
    expect((await api.post(`/checkpoints/${id}/verify`, { state_hash: "sha256:aa" }, bound)).status).toBe(403);
    expect((await api.get(`/checkpoints?run_id=${run_id}`, bound)).status).toBe(403);
    expect(paths((await save(run_id, { state_hash: "", bytes: -1, x: 1 })).body)).toEqual(["state_hash", "bytes", "x"]);
  });
});

const canary = (agent_id: string, more: Json = {}) => ({
  agent_id,
  baseline_version: "1.0",
  canary_version: "2.0",
  percent_traffic: 50,
  ...more,
});

describe("canaries", () => {
  test("201 made, 200 written again with the same beginning, 200 read, 200 deleted, then 404", async () => {
    const made = await api.put("/canaries/first", canary("can-1", { note: "a week" }));
    expect([made.status, made.body.revision, made.body.running]).toEqual([201, 1, true]);
    const again = await api.put("/canaries/first", canary("can-1", { percent_traffic: 10 }));
    expect([again.status, again.body.percent_traffic, again.body.started_at]).toEqual([200, 10, made.body.started_at]);
    expect(items((await api.get("/canaries?agent_id=can-1")).body)).toHaveLength(1);
    const over = await api.put(
      "/canaries/first",
      canary("can-1", { ended_at: new Date(Date.now() + 1).toISOString() }),
    );
    expect(over.body.ended_at).not.toBeNull();
    expect((await api.call("DELETE", "/canaries/first", { reason: "over" })).status).toBe(200);
    expect((await api.get("/canaries/first")).status).toBe(404);
  });

  test("201 for YAML, with the keys under canary: as people write it", async () => {
    const yaml = `agent_id: can-2
baseline_version: "1.0"
canary_version: "2.0"
canary:
  percent_traffic: 1
  probes:
    - name: sanity-check
      type: end-to-end
      max_latency_ms: 2000
    - name: validator-check
      type: write-validate
      expected_status: 200
`;
    const headers = { "content-type": "application/yaml" };
    const { status, body } = await api.call("PUT", "/canaries/yaml", yaml, { headers });
    expect([status, body.percent_traffic, (body.probes as unknown as Json[]).map((p) => p.name)]).toEqual([
      201,
      1,
      ["sanity-check", "validator-check"],
    ]);
    expect((await api.call("PUT", "/canaries/yaml", "a: [", { headers })).status).toBe(400);
  });

  test("422 for what cannot be", async () => {
    const bad = async (more: Json) => paths((await api.put("/canaries/bad", canary("x", more))).body);
    expect(await bad({ percent_traffic: 101 })).toEqual(["percent_traffic"]);
    expect(await bad({ canary_version: "1.0" })).toEqual(["canary_version"]);
    expect(await bad({ ended_at: "2020-01-01T00:00:00Z" })).toEqual(["ended_at"]);
    expect(await bad({ weight: 1 })).toEqual(["weight"]);
    const probe = (more: Json) => ({ probes: [{ name: "p", type: "http", ...more }] });
    expect(await bad(probe({ url: "ftp://x" }))).toEqual(["probes[0].url"]);
    expect(await bad(probe({ url: "https://x.example", interval_s: 59 }))).toEqual(["probes[0].interval_s"]);
    expect(await bad({ probes: [{ name: "p", type: "end-to-end", url: "https://x.example" }] })).toEqual([
      "probes[0].url",
    ]);
    expect(await bad({ probes: [1, 2].map(() => ({ name: "p", type: "http" })) })).toEqual(["probes[1].name"]);
  });

  test("403 to write without readiness.write, 404 from another environment", async () => {
    await api.put("/canaries/walled", canary("can-3"));
    expect((await api.put("/canaries/walled", canary("can-3"), { key: await api.key(["agent", "read"]) })).status).toBe(
      403,
    );
    const far = { key: await api.key(["read"], { environment: "far" }) };
    for (const path of ["/canaries/walled", "/canaries/walled/compare"])
      expect((await api.get(path, far)).status).toBe(404);
    const bound = { key: await api.key(["read"], { agent_ids: ["other"] }) };
    expect([
      (await api.get("/canaries/walled/compare", bound)).status,
      items((await api.get("/canaries", bound)).body),
    ]).toEqual([403, []]);
  });

  test("200 compare: few runs end in too few to say", async () => {
    await api.put("/canaries/few", canary("can-4"));
    for (const v of ["1.0", "2.0", "2.0"]) await ended("can-4", v, v === "1.0" ? "success" : "loop_detected");
    const { status, body } = await api.get("/canaries/few/compare");
    const facts = body.facts as unknown as Json[];
    expect([status, body.runs, new Set(facts.map((f) => f.verdict))]).toEqual([
      200,
      { baseline: 1, canary: 2 },
      new Set(["too few to say"]),
    ]);
    expect((body.traffic as unknown as Json).verdict).toBe("too few to say");
    expect(facts.every((f) => String(f.rule).includes("too few to say"))).toBe(true);
  });

  test("200 compare: enough runs end in a verdict; those a person ended and those before it began do not count", async () => {
    await ended("can-5", "2.0", "internal_error");
    await api.query("update runs set started_at = now() - interval '3 days' where agent_id = 'can-5'");
    await api.put("/canaries/enough", canary("can-5", { started_at: new Date(Date.now() - 86_400_000).toISOString() }));
    const env = await api.environment("production");
    // Written as they stand after a day; opening hundreds one by one proves nothing more.
    const fill = (version: string, n: number, good: number, usd: number) =>
      api.query(
        `insert into runs (environment_id, run_id, agent_id, agent_version, task_type, source, status, stop_reason, started_at, ended_at, cost_micros, tokens_input)
         select $1, 'can-5-' || $2 || g, 'can-5', $2, 't', 'otlp', 'completed', case when g <= $4 then 'success' else 'tool_failed' end,
           now() - interval '1 hour', now() - interval '1 hour' + make_interval(secs => 10 + g % 3), $5::int8 + g % 7, 100
         from generate_series(1, $3) g`,
        [env, version, n, good, usd * 1e6],
      );
    await fill("1.0", 200, 190, 0.04);
    await fill("2.0", 50, 30, 0.02);
    await ended("can-5", "2.0", "kill_switch");
    await api.query(
      `insert into evaluations (environment_id, evaluation_id, run_id, agent_id, agent_version, task_type, name, score, evaluator)
       select $1, 'e' || run_id, run_id, agent_id, agent_version, 't', 'grounding', case when agent_version = '2.0' then 0.9 else 0.6 end + (random() - 0.5) / 10, 'j'
       from runs where agent_id = 'can-5' and source = 'otlp'`,
      [env],
    );
    const { body } = await api.get("/canaries/enough/compare");
    const facts = Object.fromEntries((body.facts as unknown as Json[]).map((f) => [f.key, f]));
    const side = (key: string, version: "baseline" | "canary") => (facts[key]?.[version] as Json | undefined)?.value;
    expect([facts.success?.verdict, side("success", "canary")]).toEqual(["worse", 0.6]);
    expect([facts.cost_usd_p50?.verdict, Number(side("cost_usd_p50", "canary")).toFixed(3)]).toEqual([
      "better",
      "0.020",
    ]);
    expect([facts.seconds_p50?.verdict, side("seconds_p50", "canary")]).toEqual(["no difference seen", 11]);
    expect(facts.cost_usd_p95?.verdict).toBe("too few to say");
    expect(facts["score:grounding"]?.verdict).toBe("better");
    expect(facts.tool_error_rate?.verdict).toBe("too few to say");
    expect(body.traffic).toMatchObject({ planned: 0.5, verdict: "less than planned" });
  });
});

describe("probes", () => {
  const post = (more: Json = {}) =>
    api.post("/probes", {
      agent_id: "probed",
      version: "2.0",
      name: "sanity-check",
      status: "ok",
      latency_ms: 120,
      ...more,
    });
  const checks = async () => {
    const { body } = await api.get("/probes/checklist?agent_id=probed&version=2.0");
    return { ready: body.ready, said: items(body).map((i) => [i.name, (i.from as Json).kind, i.state, i.why]) };
  };

  test("201 results, and the checklist of a version says pass, fail, too slow or not run", async () => {
    expect(await checks()).toEqual({ ready: false, said: [] });
    await api.put("/release-checklists/roll-out", {
      agent_ids: ["prob*"],
      probes: [
        { name: "sanity-check", type: "end-to-end", max_latency_ms: 2_000 },
        { name: "validator-check", type: "write-validate", expected_status: 200 },
      ],
    });
    await api.put("/release-checklists/others", { agent_ids: ["x"], probes: [{ name: "no", type: "http" }] });
    await api.put("/canaries/probed", canary("probed", { probes: [{ name: "lookup", type: "read-only" }] }));
    expect((await checks()).said.map((c) => c[2])).toEqual(["not run", "not run", "not run"]);
    expect((await post({ latency_ms: 2_400, runbook: "roll-out" })).status).toBe(201);
    await post({ name: "validator-check", http_status: 500 });
    await post({ name: "lookup", status: "failed", detail: "no hit", canary: "probed" });
    expect(await checks()).toEqual({
      ready: false,
      said: [
        ["sanity-check", "runbook", "too slow", "answered in 2400 ms, limit 2000 ms"],
        ["validator-check", "runbook", "fail", "500, 200 expected"],
        ["lookup", "canary", "fail", "no hit"],
      ],
    });
    await post();
    await post({ name: "validator-check", http_status: 200 });
    await post({ name: "lookup" });
    expect((await checks()).ready).toBe(true);
    const told = await api.query(
      "select event, title from notifications where dedupe_key like 'probe:probed:2.0:lookup' order by at, notification_id",
    );
    expect(told.map((t) => t.event)).toEqual(["opened", "resolved"]);
  });

  test("404 for a canary, runbook or run that is not this agent's; 403 by a key bound elsewhere; 422", async () => {
    const { run_id } = await api.openRun({ agent_id: "somebody-else" });
    expect(paths((await post({ canary: "none" })).body)).toEqual(["canary"]);
    expect(paths((await post({ runbook: "none" })).body)).toEqual(["runbook"]);
    expect(paths((await post({ run_id })).body)).toEqual(["run_id"]);
    const bound = { key: await api.key(["agent"], { agent_ids: ["x"] }) };
    const body = { agent_id: "probed", version: "2", name: "n", status: "ok", latency_ms: 1 };
    expect((await api.post("/probes", body, bound)).status).toBe(403);
    expect(paths((await post({ status: "maybe", x: 1 })).body)).toEqual(["status", "x"]);
    expect((await api.get("/probes/checklist?agent_id=probed")).status).toBe(422);
  });

  test("the worker asks an address that is due, once, and never a private one unless that is allowed", async () => {
    const { runProbes } = await import("../../evaluations");
    const asked: (string | undefined)[] = [];
    const server = createServer((request, answer) => {
      asked.push(request.method);
      answer.writeHead(asked.length > 1 ? 503 : 204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterAll(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
    await api.put(
      "/canaries/http",
      canary("http-bot", { probes: [{ name: "up", type: "http", url, interval_s: 60 }] }),
    );
    const last = async () => {
      const { body } = await api.get("/probes/checklist?agent_id=http-bot&version=2.0");
      return [items(body)[0]?.state, items(body)[0]?.why, (items(body)[0]?.last as Json | null)?.http_status];
    };
    const due = () => api.query("update probe_schedule set next_at = now() where canary = 'http'");
    await runProbes();
    expect([asked.length, (await last())[0]]).toEqual([0, "fail"]);
    expect((await last())[1]).toContain("private address");
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true" });
    await runProbes();
    expect(asked).toEqual([]);
    await due();
    await runProbes();
    expect([asked, await last()]).toEqual([["GET"], ["pass", null, 204]]);
    await due();
    await runProbes();
    expect(await last()).toEqual(["fail", "it answered 503", 503]);
    const cells = ((await api.get("/canaries/http/compare")).body.probes as unknown as { canary: Json[] }).canary;
    expect(cells.map((c) => c.state)).toEqual(["fail", "pass", "fail"]);
    await api.put("/canaries/http", canary("http-bot", { ended_at: new Date(Date.now() + 1).toISOString() }));
    await due();
    await runProbes();
    expect(asked).toHaveLength(2);
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false" });
  });
});

describe("golden tasks", () => {
  const report = (version: string, results: Json[], more: Json = {}) =>
    api.post("/chaos-results", { agent_id: "golden", version, suite: "first-nine", results, ...more });
  const task = (name: string, expected: string, actual: string | null, more: Json = {}) => ({
    task: name,
    expected_stop_reason: expected,
    actual_stop_reason: actual,
    passed: expected === actual,
    ...more,
  });

  test("201 reports, and the score card has the newest of each task and version, and what was not run", async () => {
    const first = await report("1.0", [
      task("tool_timeout", "tool_timeout", "internal_error"),
      task("lost_response", "success", "success"),
    ]);
    expect([first.status, first.body]).toEqual([201, { accepted: 2, passed: 1, failed: 1 }]);
    await report("1.0", [
      task("tool_timeout", "tool_timeout", "tool_timeout", { broken: "search.read never answers" }),
    ]);
    await report("2.0", [task("tool_timeout", "tool_timeout", null, { detail: "still running after 60 s" })]);
    const { body } = await api.get("/chaos-results?agent_id=golden");
    expect((body.versions as unknown as Json[]).map((v) => [v.version, v.passed, v.failed, v.not_run])).toEqual([
      ["1.0", 2, 0, 0],
      ["2.0", 0, 1, 1],
    ]);
    const cells = (body.tasks as unknown as { task: string; cells: Json[] }[]).map((t) => [
      t.task,
      t.cells.map((c) => c.state),
    ]);
    expect(cells).toEqual([
      ["lost_response", ["pass", "not run"]],
      ["tool_timeout", ["pass", "fail"]],
    ]);
    const { body: narrow } = await api.get("/chaos-results?agent_id=golden&version=1.0");
    expect(narrow.versions).toHaveLength(1);
  });

  test("404 for a run of another agent, 403 without the scope or bound elsewhere, 422 for an unknown stop reason", async () => {
    const { run_id } = await api.openRun({ agent_id: "not-golden" });
    const wrong = await report("1.0", [task("t", "success", "success", { run_id })]);
    expect([wrong.status, paths(wrong.body)]).toEqual([404, ["results[0].run_id"]]);
    const by = async (key: string) =>
      (
        await api.post(
          "/chaos-results",
          { agent_id: "golden", version: "1", results: [task("t", "success", "success")] },
          { key },
        )
      ).status;
    expect([await by(await api.key(["read"])), await by(await api.key(["agent"], { agent_ids: ["x"] }))]).toEqual([
      403, 403,
    ]);
    expect(paths((await report("1.0", [task("t", "exploded", "success")])).body)).toEqual([
      "results[0].expected_stop_reason",
    ]);
  });
});

describe("GET /agents/{agent_id}/compound", () => {
  test("200: each step's success to the power of how often a run takes it, and the step that costs most", async () => {
    const agent = asking(api);
    const read = { allow: ["search", "ticket"], catalog: { search: { effect: "read" } } };
    await agent.put("chain-bot", { bindings: [{ agent_id: "chain-bot" }], tools: read });
    for (let n = 0; n < 4; n++) {
      const { run_id } = await api.openRun({ agent_id: "chain-bot" });
      await agent.call(run_id, { tool: "search", args: { n } });
      await agent.call(run_id, { tool: "search", args: { n, again: 1 } });
      await agent.call(run_id, { tool: "ticket", args: { n } }, n === 0 ? { status: "error", http_status: 502 } : {});
      await agent.call(
        run_id,
        { kind: "model", model: "gpt-4o", stage: "draft", estimate: { input_tokens: 1, max_output_tokens: 1 } },
        { tokens: { input: 1, output: 1, cached: 0 } },
      );
      await api.post(`/runs/${run_id}/finish`, { stop_reason: n === 0 ? "tool_failed" : "success" });
    }
    await ended("chain-bot", "1", "cancelled");
    const { status, body } = await api.get("/agents/chain-bot/compound?days=1");
    expect([status, body.runs, body.chance, body.end_to_end]).toEqual([200, 4, 0.75, 0.75]);
    const steps = (body.steps as unknown as Json[]).map((s) => [s.step, s.kind, s.calls, s.per_run, s.success]);
    expect(steps).toEqual([
      ["search", "tool", 8, 2, 1],
      ["ticket", "tool", 4, 1, 0.75],
      ["draft", "stage", 4, 1, 1],
    ]);
    expect(body.steps_per_run).toBe(4);
    expect(body.costliest).toEqual({ step: "ticket", at: 0.99, chance: 0.99 });
    expect((body.steps as unknown as Json[])[1]?.reasons).toEqual([{ reason: "HTTP 502", calls: 1 }]);
  });

  test("200 from spans where nothing was asked first; 0.85 at ten steps is one in five", async () => {
    const at = (s: number) => new Date(Date.now() - 60_000 + s * 1_000).toISOString();
    const spans = Array.from({ length: 200 }, (_, n) => ({
      span_id: `c${n}`,
      kind: "tool",
      name: `step-${n % 10}`,
      tool: `step-${n % 10}`,
      status: n < 30 ? "error" : "ok",
      started_at: at(n / 10),
      ended_at: at(n / 10),
    }));
    for (let run = 0; run < 20; run++)
      await api.post("/spans", {
        run_id: `told-${run}`,
        agent_id: "told-bot",
        spans: spans.slice(run * 10, run * 10 + 10),
      });
    await api.query(
      "update runs set status = 'completed', stop_reason = 'success', ended_at = now() where agent_id = 'told-bot'",
    );
    const { body } = await api.get("/agents/told-bot/compound?days=1");
    expect([body.runs, (body.steps as unknown as Json[]).length, Number(body.chance).toFixed(3)]).toEqual([
      20,
      10,
      "0.197",
    ]);
  });

  test("200 with nothing to say for an agent without runs, 404 for one that is not here, 403 bound elsewhere", async () => {
    await api.openRun({ agent_id: "idle-bot" });
    expect((await api.get("/agents/idle-bot/compound")).body).toMatchObject({
      runs: 0,
      chance: null,
      costliest: null,
      steps: [],
    });
    expect((await api.get("/agents/nobody/compound")).status).toBe(404);
    const bound = { key: await api.key(["operate"], { agent_ids: ["x"] }) };
    expect((await api.get("/agents/idle-bot/compound", bound)).status).toBe(403);
  });
});
