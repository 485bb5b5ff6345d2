import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi, until } from "./harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const body = { request_id: "r-1", agent_id: "triage-bot", task_type: "ticket-triage", instance_id: "i-1" };

describe("POST /runs", () => {
  test("201 opens a run with a lease, its control state and an owner", async () => {
    const { status, body: run, headers } = await api.post("/runs", body);
    expect(status).toBe(201);
    expect(run).toMatchObject({
      status: "running",
      owner: true,
      attempt: 1,
      lease: { ttl_s: 60 },
      control: { mode: "run" },
    });
    expect(Number(headers.get("interlock-control-revision"))).toBeGreaterThan(1e12);
  });

  test("200 the same request is the same run: owner for the creating instance, not for another, not for one that is silent", async () => {
    const first = await api.post("/runs", { ...body, request_id: "same" });
    const again = await api.post("/runs", { ...body, request_id: "same" });
    const other = await api.post("/runs", { ...body, request_id: "same", instance_id: "i-2" });
    const silent = await api.post("/runs", { request_id: "same", agent_id: body.agent_id, task_type: body.task_type });
    expect([again.status, other.status, silent.status]).toEqual([200, 200, 200]);
    expect([again.body.run_id, other.body.run_id]).toEqual([first.body.run_id, first.body.run_id]);
    expect([again.body.owner, other.body.owner, silent.body.owner]).toEqual([true, false, false]);
    expect([again.body.lease === null, other.body.lease === null]).toEqual([false, true]);
  });

  test("201 once however many ask at the same time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        api.post("/runs", { ...body, request_id: "race", instance_id: `racer-${n}` }),
      ),
    );
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    expect(answers.filter((a) => a.body.owner as unknown as boolean)).toHaveLength(1);
    expect(new Set(answers.map((a) => a.body.run_id)).size).toBe(1);
  });

  test("200 gives the result of an ended run to its own key, and to no other", async () => {
    const run = await api.openRun({ agent_id: "res", request_id: "res-1" });
    await api.post(`/runs/${run.run_id}/finish`, { stop_reason: "success", result: { answer: 42 } });
    const again = await api.post("/runs", { request_id: "res-1", agent_id: "res", task_type: "task" });
    const other = await api.post(
      "/runs",
      { request_id: "res-1", agent_id: "res", task_type: "task" },
      { key: await api.key(["agent"]) },
    );
    expect(again.body).toMatchObject({ status: "completed", result: { answer: 42 }, stop_reason: "success" });
    expect(other.body.result).toBeUndefined();
    const [row] = await api.query("select result from runs where run_id = $1", [run.run_id]);
    expect(Buffer.from((row?.result ?? "") as Buffer).toString("latin1")).not.toContain("answer");
  });

  test("409 request_id_reused where the body is another", async () => {
    await api.post("/runs", { ...body, request_id: "reuse" });
    const { status, body: problem } = await api.post("/runs", { ...body, request_id: "reuse", goal: "something else" });
    expect(status).toBe(409);
    expect(problem).toMatchObject({ code: "request_id_reused", errors: [{ path: "request_id" }] });
  });

  test("409 run_locked names the holder and its age; the lock is free once it has ended", async () => {
    const holder = await api.openRun({ lock_key: "daily-mail" });
    const second = await api.openRun({ lock_key: "daily-mail" });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: "run_locked", holder: { run_id: holder.run_id } });
    await api.post(`/runs/${holder.run_id}/finish`, { stop_reason: "success" });
    expect((await api.openRun({ lock_key: "daily-mail" })).status).toBe(201);
  });

  test("409 conflict where the run id is another request's", async () => {
    await api.openRun({ run_id: "mine" });
    expect((await api.openRun({ run_id: "mine" })).body).toMatchObject({
      code: "conflict",
      errors: [{ path: "run_id" }],
    });
  });

  test("404 with the path where the parent is not of this environment", async () => {
    const elsewhere = await api.openRun({}, { key: await api.key(["agent"], { environment: "staging" }) });
    const { status, body: problem } = await api.openRun({ parent_run_id: elsewhere.run_id });
    expect(status).toBe(404);
    expect(problem).toMatchObject({ code: "not_found", errors: [{ path: "parent_run_id" }] });
  });

  test("422 names every unknown key and wrong type by its path", async () => {
    const {
      status,
      body: problem,
      headers,
    } = await api.post("/runs", { ...body, request_id: 7, agent_id: "", estimate: { usd: "a lot", surprise: 1 } });
    expect(status).toBe(422);
    expect(headers.get("content-type")).toContain("application/problem+json");
    const paths = [...new Set((problem.errors as unknown as { path: string }[]).map((e) => e.path))].sort();
    expect(paths).toEqual(["agent_id", "estimate.surprise", "estimate.usd", "request_id"]);
  });

  test.each([
    ["400", "{ not json", "application/json", "bad_request"],
    ["415", "a=b", "application/x-www-form-urlencoded", "unsupported_media_type"],
    ["422", "[1, 2]", "application/json", "invalid_input"],
  ])("%s for a body that is not what it says", async (status, text, type, code) => {
    const answer = await api.call("POST", "/runs", text, { headers: { "content-type": type } });
    expect([String(answer.status), answer.body.code]).toEqual([status, code]);
  });

  test("401 without a key, with an unknown one, and with a revoked one", async () => {
    const key = await api.key(["agent"]);
    await api.query("update agent_keys set revoked_at = now() where tail = $1", [key.slice(-4)]);
    for (const k of [null, `ilk_${"x".repeat(40)}`, "nonsense", key])
      expect((await api.post("/runs", body, { key: k })).body.code, String(k)).toBe("unauthorized");
  });

  test("403 for a key without the scope, and for one bound to another agent or tenant", async () => {
    const read = await api.key(["read"]);
    const bound = await api.key(["agent"], { agent_ids: ["triage-*"], tenant_ids: ["acme"] });
    expect((await api.openRun({}, { key: read })).status).toBe(403);
    expect((await api.openRun({ agent_id: "refund-bot", tenant_id: "acme" }, { key: bound })).status).toBe(403);
    expect((await api.openRun({ agent_id: "triage-bot", tenant_id: "globex" }, { key: bound })).status).toBe(403);
    expect((await api.openRun({ agent_id: "triage-bot", tenant_id: "acme" }, { key: bound })).status).toBe(201);
  });
});

describe("lease and take-over", () => {
  const expire = (runId: string) =>
    api.query("update runs set lease_until = now() - interval '1 second' where run_id = $1", [runId]);

  test("a run whose lease ends is lost; another instance takes it over with a new token, and the old one has lost it", async () => {
    const first = await api.openRun({ agent_id: "lease", request_id: "l-1", instance_id: "a", lock_key: "l" });
    await expire(first.run_id);
    await api.sweep();
    expect((await api.get(`/runs/${first.run_id}`)).body).toMatchObject({
      status: "lost",
      stop_reason: "lease_expired",
    });
    const again = { request_id: "l-1", agent_id: "lease", task_type: "task", lock_key: "l" };
    const second = await api.post("/runs", { ...again, instance_id: "b" });
    expect(second.body).toMatchObject({ run_id: first.run_id, owner: true, attempt: 2, status: "running" });
    const stale = { lease_token: first.lease?.token };
    expect((await api.post(`/runs/${first.run_id}/heartbeat`, stale)).body.code).toBe("lease_lost");
    expect((await api.post(`/runs/${first.run_id}/finish`, { ...stale, stop_reason: "success" })).body.code).toBe(
      "lease_lost",
    );
    expect((await api.post(`/runs/${first.run_id}/heartbeat`, {})).body.code).toBe("lease_lost");
    const token = (second.body.lease as unknown as { token: string }).token;
    expect((await api.post(`/runs/${first.run_id}/heartbeat`, { lease_token: token, step: 3 })).status).toBe(200);
    expect(
      (await api.post(`/runs/${first.run_id}/finish`, { lease_token: token, stop_reason: "success" })).status,
    ).toBe(200);
  });

  test("only one of many instances takes a lost run over", async () => {
    const run = await api.openRun({ agent_id: "lease", request_id: "l-2", instance_id: "a" });
    await expire(run.run_id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        api.post("/runs", { request_id: "l-2", agent_id: "lease", task_type: "task", instance_id: `t-${n}` }),
      ),
    );
    expect(answers.filter((a) => a.body.owner as unknown as boolean)).toHaveLength(1);
  });

  test("a lost run's lock stays held for ttl_s + 15 s, so that its old agent has stopped by then", async () => {
    const run = await api.openRun({ lock_key: "grace" });
    await expire(run.run_id);
    await api.sweep();
    expect((await api.openRun({ lock_key: "grace" })).body.code).toBe("run_locked");
    const [lock] = await api.query(
      "select extract(epoch from free_at - now())::int as s from run_locks where lock_key = 'grace'",
    );
    expect(lock?.s).toBeGreaterThan(40);
    await api.query("update run_locks set free_at = now() where lock_key = 'grace'");
    expect((await api.openRun({ lock_key: "grace" })).status).toBe(201);
  });

  test("a poll that names the run keeps its lease", async () => {
    const run = await api.openRun();
    await api.query("update runs set lease_until = now() + interval '2 seconds' where run_id = $1", [run.run_id]);
    await api.get(`/control?run_id=${run.run_id}`);
    await until(async () => {
      const [row] = await api.query(
        "select lease_until > now() + interval '30 seconds' as kept from runs where run_id = $1",
        [run.run_id],
      );
      return row?.kept as boolean;
    });
  });
});

describe("POST /runs/{id}/finish", () => {
  test("200 one time: the same again is the same answer, another reason is 409", async () => {
    const { run_id } = await api.openRun();
    const finish = {
      stop_reason: "loop_detected",
      error: { type: "Loop", message: "14 times the same" },
      totals: { steps: 18, tool_calls: 18, cost_usd: 0.45 },
    };
    const first = await api.post(`/runs/${run_id}/finish`, finish);
    const again = await api.post(`/runs/${run_id}/finish`, finish);
    expect(first.body).toMatchObject({
      status: "stopped",
      stop_reason: "loop_detected",
      steps: 18,
      tool_calls: 18,
      cost_usd: 0.45,
      late: false,
    });
    expect(again.status).toBe(200);
    expect(again.body.ended_at).toBe(first.body.ended_at);
    const other = await api.post(`/runs/${run_id}/finish`, { stop_reason: "success" });
    expect([other.status, other.body.code]).toEqual([409, "run_finished"]);
  });

  test("200 late for a lost run that nobody took over", async () => {
    const { run_id } = await api.openRun();
    await api.query("update runs set lease_until = now() - interval '1 second' where run_id = $1", [run_id]);
    await api.sweep();
    expect((await api.post(`/runs/${run_id}/finish`, { stop_reason: "success" })).body).toMatchObject({
      status: "completed",
      late: true,
    });
  });

  test("404 for a run of another environment, 422 for a reason that is not of the list", async () => {
    const { run_id } = await api.openRun({}, { key: await api.key(["agent"], { environment: "other" }) });
    expect((await api.post(`/runs/${run_id}/finish`, { stop_reason: "success" })).status).toBe(404);
    const mine = await api.openRun();
    const { status, body: problem } = await api.post(`/runs/${mine.run_id}/finish`, { stop_reason: "tired" });
    expect([status, (problem.errors as unknown as { path: string }[])[0]?.path]).toEqual([422, "stop_reason"]);
  });
});

describe("GET /runs", () => {
  test("200 pages by keyset without a gap or a repeat, and filters", async () => {
    for (let n = 0; n < 7; n++) await api.openRun({ agent_id: "paged", tenant_id: n % 2 ? "odd" : "even" });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.get(`/runs?agent_id=paged&limit=3${cursor ? `&cursor=${cursor}` : ""}`);
      seen.push(...(page.body.items as unknown as { run_id: string }[]).map((r) => r.run_id));
      cursor = page.body.next_cursor as unknown as string | null;
    } while (cursor);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
    const odd = await api.get("/runs?agent_id=paged&tenant_id=odd&status=running&count=true");
    expect([(odd.body.items as unknown as unknown[]).length, odd.body.total]).toEqual([3, 3]);
  });

  test("200 as CSV, with nothing that a spreadsheet would run", async () => {
    await api.openRun({ agent_id: "csv", goal: '=HYPERLINK("http://x")' });
    const answer = await fetch(`${api.origin}/api/v1/runs?agent_id=csv&format=csv`, {
      headers: { authorization: `Bearer ${api.rootKey}` },
    });
    expect(answer.headers.get("content-type")).toContain("text/csv");
    expect(await answer.text()).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  test("422 for an unknown filter, a limit over 500 and a cursor that is not ours", async () => {
    for (const q of ["colour=red", "limit=501", "cursor=zzz", "status=sleeping"])
      expect((await api.get(`/runs?${q}`)).status, q).toBe(422);
  });

  test("ids may hold any printable character, percent-encoded in paths", async () => {
    const run_id = "run/ä ö?#%25&🙂";
    await api.openRun({ run_id });
    expect((await api.get(`/runs/${encodeURIComponent(run_id)}`)).body.run_id).toBe(run_id);
  });
});
