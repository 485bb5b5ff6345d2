import { beforeAll, describe, expect, test } from "vitest";
import { type Api, type Json, startApi, until } from "./harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const etag = (answer: { headers: Headers }): string => answer.headers.get("etag") ?? "";
const set = async (scope: Json, mode = "stop", extra: Json = {}) => {
  const answer = await api.post("/switches", { scope, mode, reason: "a test", ...extra });
  return {
    ...answer,
    id: answer.body.switch_id as unknown as string,
    revision: answer.body.revision as unknown as number,
  };
};
const release = (id: string) => api.post(`/switches/${id}/release`, { reason: "over" });
const modeFor = async (query: string) => (await api.get(`/control?${query}`)).body.mode;

describe("GET /control", () => {
  test("200 with ETag and Age, 304 while nothing that covers the caller has changed", async () => {
    const first = await api.get("/control?agent_id=a");
    expect(first.body).toMatchObject({ mode: "run", directives: [], ttl_s: 30, on_stale: "stop", poll_after_s: 5 });
    expect(etag(first)).toBe(`"${first.body.revision}"`);
    expect(Number(first.headers.get("age"))).toBeLessThanOrEqual(2);
    const again = await api.get("/control?agent_id=a", { headers: { "if-none-match": etag(first) } });
    expect(again.status).toBe(304);
    expect(again.headers.get("age")).not.toBeNull();
  });

  test("304 carries the current revision where a switch moved it that does not cover the caller", async () => {
    const before = await api.get("/control?agent_id=bystander");
    const sw = await set({ kind: "agent", key: "another" });
    const after = await until(async () => {
      const answer = await api.get("/control?agent_id=bystander", { headers: { "if-none-match": etag(before) } });
      return etag(answer) === `"${sw.revision}"` && answer;
    });
    expect(after.status).toBe(304);
    await release(sw.id);
  });

  test("the most restrictive switch that covers the caller wins, whatever came last", async () => {
    const narrow = await set({ kind: "agent", key: "w" }, "stop");
    const wide = await set({ kind: "environment" }, "safe_mode");
    await until(async () => (await modeFor("agent_id=w")) === "stop" && (await modeFor("agent_id=x")) === "safe_mode");
    const { body } = await api.get("/control?agent_id=w");
    expect((body.directives as unknown as Json[]).map((d) => d.mode).sort()).toEqual(["safe_mode", "stop"]);
    expect(body).toMatchObject({ reason: "a test", set_by: "admin@example.com" });
    await release(narrow.id);
    await until(async () => (await modeFor("agent_id=w")) === "safe_mode");
    await release(wide.id);
    await until(async () => (await modeFor("agent_id=w")) === "run");
  });

  test("every scope covers whom it names: tenant, agent, task type, run and its children; tools and connectors block calls only", async () => {
    const parent = await api.openRun({ agent_id: "boss", tenant_id: "acme", task_type: "plan" });
    const child = await api.openRun({ agent_id: "helper", task_type: "do", parent_run_id: parent.run_id });
    const cases: [Json, string, string][] = [
      [{ kind: "tenant", key: "acme" }, `run_id=${parent.run_id}`, "agent_id=boss&tenant_id=globex"],
      [{ kind: "task_type", key: "plan" }, `run_id=${parent.run_id}`, "agent_id=boss&task_type=do"],
      [{ kind: "run", key: parent.run_id }, `run_id=${child.run_id}`, "agent_id=stranger"],
      [{ kind: "agent", key: "boss" }, `run_id=${child.run_id}`, "agent_id=helper"],
    ];
    for (const [scope, covered, not] of cases) {
      const sw = await set(scope);
      await until(async () => (await modeFor(covered)) === "stop");
      expect(await modeFor(not), JSON.stringify(scope)).toBe("run");
      await release(sw.id);
    }
    const tool = await set({ kind: "tool", key: "email.*" });
    const connector = await set({ kind: "connector", key: "jira" });
    const seen = await until(async () => {
      const { body } = await api.get("/control?agent_id=anyone");
      return (body.blocked_connectors as unknown as string[]).length === 1 && body;
    });
    expect(seen).toMatchObject({ mode: "run", blocked_tools: ["email.*"], blocked_connectors: ["jira"] });
    await release(tool.id);
    await release(connector.id);
  });

  test("without a run id the directives list switches on live runs of that agent", async () => {
    const run = await api.openRun({ agent_id: "lister" });
    const sw = await set({ kind: "run", key: run.run_id });
    const body = await until(async () => {
      const answer = await api.get("/control?agent_id=lister");
      return (answer.body.directives as unknown as Json[]).length === 1 && answer.body;
    });
    expect(body).toMatchObject({
      mode: "run",
      directives: [{ scope: { kind: "run", key: run.run_id }, mode: "stop" }],
    });
    await release(sw.id);
  });

  test("a held poll answers when the caller's state changes, and with 304 when the time is over", async () => {
    const first = await api.get("/control?agent_id=held");
    const started = performance.now();
    const waiting = api.get("/control?agent_id=held&wait_s=20", { headers: { "if-none-match": etag(first) } });
    const sw = await set({ kind: "agent", key: "held" }, "pause");
    const answer = await waiting;
    expect(answer.body.mode).toBe("pause");
    expect(performance.now() - started).toBeLessThan(5_000);
    await release(sw.id);
    const now = await until(async () => {
      const a = await api.get("/control?agent_id=held");
      return a.body.mode === ("run" as never) && a;
    });
    const quiet = await api.get("/control?agent_id=held&wait_s=0.3", { headers: { "if-none-match": etag(now) } });
    expect(quiet.status).toBe(304);
  });

  test("a client that knows a higher revision than the server makes it read the database first", async () => {
    const high = Date.now() + 5_000;
    await api.query("update control_heads set revision = $1", [high]);
    const answer = await api.get("/control?agent_id=a", { headers: { "if-none-match": `"${high}"` } });
    expect(etag(answer)).toBe(`"${high}"`);
  });

  test("404 for a run of another environment, 403 for one of another binding, 422 for an unknown key", async () => {
    const elsewhere = await api.openRun({}, { key: await api.key(["agent"], { environment: "elsewhere" }) });
    expect((await api.get(`/control?run_id=${elsewhere.run_id}`)).status).toBe(404);
    const mine = await api.openRun({ agent_id: "mine" });
    const bound = await api.key(["agent"], { agent_ids: ["other"] });
    expect((await api.get(`/control?run_id=${mine.run_id}`, { key: bound })).status).toBe(403);
    expect((await api.get("/control?agent=typo")).body.errors).toMatchObject([{ path: "agent" }]);
  });
});

describe("GET /control/stream", () => {
  async function events(query: string, headers: Record<string, string> = {}, key = api.rootKey) {
    const abort = new AbortController();
    const answer = await fetch(`${api.origin}/api/v1/control/stream?${query}`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: abort.signal,
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let buffer = "";
    const next = async (): Promise<{ id: number; data: Json } | null> => {
      for (;;) {
        const at = buffer.indexOf("\n\n");
        if (at >= 0) {
          const frame = buffer.slice(0, at);
          buffer = buffer.slice(at + 2);
          if (!frame.startsWith("event: control")) continue;
          const [, id, data] = frame.split("\n");
          return { id: Number(id?.slice(4)), data: JSON.parse(data?.slice(6) ?? "{}") };
        }
        const { done, value } = await reader.read();
        if (done) return null;
        buffer += Buffer.from(value).toString();
      }
    };
    return { answer, next, close: () => abort.abort() };
  }

  test("200 says what holds at once, and each change after it", async () => {
    const stream = await events("agent_id=s");
    expect(stream.answer.headers.get("content-type")).toContain("text/event-stream");
    expect((await stream.next())?.data.mode).toBe("run");
    const sw = await set({ kind: "agent", key: "s" });
    const stopped = await stream.next();
    expect([stopped?.data.mode, stopped?.id]).toEqual(["stop", sw.revision]);
    await release(sw.id);
    expect((await stream.next())?.data.mode).toBe("run");
    stream.close();
  });

  test("revoking its key closes the stream within 5 s", async () => {
    const key = await api.key(["agent"]);
    const stream = await events("agent_id=s", {}, key);
    await stream.next();
    await api.query("update agent_keys set revoked_at = now() where tail = $1", [key.slice(-4)]);
    await api.query("select pg_notify('interlock_keys', '')");
    expect(await stream.next()).toBeNull();
    expect((await api.get("/control", { key })).status).toBe(401);
  });

  test("an open stream counts its instance as heard", async () => {
    const stream = await events("agent_id=heard&instance_id=heard-1");
    await until(async () => (await api.query("select 1 from instances where instance_id = 'heard-1'")).length === 1);
    stream.close();
  });
});

describe("switches", () => {
  test("201 with revision, audit row and how many it is meant for; revisions only grow", async () => {
    await api.openRun({ agent_id: "counted" });
    await api.openRun({ agent_id: "counted" });
    const sw = await set({ kind: "agent", key: "counted" });
    expect(sw.status).toBe(201);
    expect(sw.body).toMatchObject({ requested: { runs: 2 }, audit_row: expect.any(Number) });
    const freed = await release(sw.id);
    expect(freed.body.revision as unknown as number).toBeGreaterThan(sw.revision);
  });

  test("409 a stop admits no run of whom it covers, and says so; a pause neither; others go on", async () => {
    const sw = await set({ kind: "tenant", key: "stopped-tenant" });
    const refused = await api.openRun({ tenant_id: "stopped-tenant" });
    expect([refused.status, refused.body.code]).toEqual([409, "stopped"]);
    expect((await api.openRun({ tenant_id: "free" })).status).toBe(201);
    await release(sw.id);
    const pause = await set({ kind: "tenant", key: "paused-tenant" }, "pause");
    expect((await api.openRun({ tenant_id: "paused-tenant" })).body.code).toBe("paused");
    await release(pause.id);
  });

  test("no run is opened once a stop has committed, however many are being opened", async () => {
    const agent = "storm";
    let stop = false;
    const opened: { at: number; status: number }[] = [];
    const opening = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const at = performance.now();
        opened.push({ at, status: (await api.openRun({ agent_id: agent })).status });
      }
    });
    await until(async () => opened.filter((o) => o.status === 201).length > 20);
    const sw = await set({ kind: "agent", key: agent });
    const committed = performance.now();
    await until(async () => opened.some((o) => o.at > committed));
    stop = true;
    await Promise.all(opening);
    expect(opened.filter((o) => o.at > committed).map((o) => o.status)).not.toContain(201);
    const rows = await api.query(
      "select count(*)::int as n from runs r where r.agent_id = $1 and not exists (select 1 from switch_runs w where w.switch_id = $2 and w.run_id = r.run_id)",
      [agent, sw.id],
    );
    // Whoever slipped in before the commit is on the switch's list: nobody runs on unseen.
    expect(rows[0]?.n).toBe(0);
    await release(sw.id);
  });

  test("a stop never lapses; a pause does; a due date of a stop is kept", async () => {
    const stop = await set({ kind: "agent", key: "due" }, "stop", { expires_in_s: 1 });
    const pause = await set({ kind: "agent", key: "lapse" }, "pause", { expires_in_s: 1 });
    expect(stop.body).toMatchObject({ expires_at: null, due_at: expect.any(String) });
    await api.query(
      "update switches set expires_at = now() - interval '1 second' where expires_at is not null and released_at is null",
    );
    await api.sweep();
    await until(async () => (await modeFor("agent_id=lapse")) === "run");
    expect(await modeFor("agent_id=due")).toBe("stop");
    const listed = await api.get("/switches?active=true");
    expect((listed.body.items as unknown as Json[]).map((s) => s.switch_id)).toContain(stop.id);
    expect((listed.body.items as unknown as Json[]).map((s) => s.switch_id)).not.toContain(pause.id);
    await release(stop.id);
  });

  test("requested → seen → confirmed, with the lag; a run without a gate is unconfirmable by name; the lost are never counted", async () => {
    const agent = "prop";
    const a = await api.openRun({ agent_id: agent, instance_id: "p-1" });
    const b = await api.openRun({ agent_id: agent, instance_id: "p-2" });
    await api.get(`/control?agent_id=${agent}&instance_id=p-1`);
    await api.get(`/control?agent_id=${agent}&instance_id=p-2`);
    await api.post("/spans", {
      run_id: "ungated",
      agent_id: agent,
      spans: [{ span_id: "1", kind: "tool", name: "x", started_at: new Date().toISOString() }],
    });
    await until(
      async () => (await api.query("select 1 from instances where instance_id in ('p-1', 'p-2')")).length === 2,
    );
    const sw = await set({ kind: "agent", key: agent });
    const look = async () =>
      (await api.get(`/switches/${sw.id}/propagation`)).body as unknown as {
        instances: Json[];
        runs: Record<string, Json[] & number>;
      };
    expect((await look()).runs).toMatchObject({
      requested: 2,
      seen: 0,
      confirmed: 0,
      unconfirmable: [{ run_id: "ungated" }],
    });

    await api.post("/control/ack", { instance_id: "p-1", applied_revision: sw.revision });
    const seen = await until(async () => {
      const now = await look();
      return (now.runs.seen as number) === 1 && now;
    });
    expect(seen.instances.find((i) => i.instance_id === "p-1")).toMatchObject({
      state: "seen",
      lag_ms: expect.any(Number),
    });
    expect(seen.instances.find((i) => i.instance_id === "p-2")).toMatchObject({ state: "requested", seen_at: null });

    await api.post(`/runs/${a.run_id}/finish`, { stop_reason: "kill_switch" });
    await api.query("update instances set last_heard_at = now() - interval '10 minutes' where instance_id = 'p-2'");
    const later = await look();
    expect(later.runs).toMatchObject({
      requested: 2,
      confirmed: 1,
      outstanding: [{ run_id: b.run_id, state: "lost" }],
    });
    expect(later.instances.map((i) => [i.instance_id, i.state])).toEqual(
      expect.arrayContaining([
        ["p-1", "confirmed"],
        ["p-2", "lost"],
      ]),
    );
    await release(sw.id);
  });

  test("a switch on one run is put away when the run has ended", async () => {
    const run = await api.openRun();
    const sw = await set({ kind: "run", key: run.run_id });
    await api.sweep();
    expect((await api.get("/switches?active=true")).body.items as unknown as Json[]).toEqual(
      expect.arrayContaining([expect.objectContaining({ switch_id: sw.id })]),
    );
    await api.post(`/runs/${run.run_id}/finish`, { stop_reason: "kill_switch" });
    await api.sweep();
    expect((await release(sw.id)).body.code).toBe("conflict");
  });

  test("403 for a key without operate, 404 for another environment's switch, 409 for a second release", async () => {
    expect(
      (
        await api.post(
          "/switches",
          { scope: { kind: "environment" }, mode: "stop", reason: "x" },
          { key: await api.key(["agent", "read"]) },
        )
      ).status,
    ).toBe(403);
    const sw = await set({ kind: "agent", key: "once" });
    const elsewhere = await api.key(["operate"], { environment: "far" });
    expect((await api.post(`/switches/${sw.id}/release`, { reason: "x" }, { key: elsewhere })).status).toBe(404);
    await release(sw.id);
    expect((await release(sw.id)).status).toBe(409);
  });

  test.each([
    [{ scope: { kind: "agent" }, mode: "stop", reason: "x" }, "scope.key"],
    [{ scope: { kind: "environment", key: "x" }, mode: "stop", reason: "x" }, "scope.key"],
    [{ scope: { kind: "tool", key: "x" }, mode: "pause", reason: "x" }, "mode"],
    [{ scope: { kind: "agent", key: "x" }, mode: "stop", reason: "  " }, "reason"],
    [{ scope: { kind: "agent", key: "x" }, mode: "stop" }, "reason"],
    [{ scope: { kind: "agent", key: "x" }, mode: "run", reason: "x" }, "mode"],
    [{ scope: { kind: "galaxy", key: "x" }, mode: "stop", reason: "x" }, "scope.kind"],
  ])("422 %j names %s", async (body, path) => {
    const { status, body: problem } = await api.post("/switches", body);
    expect([status, (problem.errors as unknown as Json[])[0]?.path]).toEqual([422, path]);
  });

  test("404 with the path for a run that is not here", async () => {
    const { status, body: problem } = await api.post("/switches", {
      scope: { kind: "run", key: "nope" },
      mode: "stop",
      reason: "x",
    });
    expect([status, (problem.errors as unknown as Json[])[0]?.path]).toEqual([404, "scope.key"]);
  });
});

test("a gap in which the server did not run moves leases and last-heard forward by it", async () => {
  const run = await api.openRun({ instance_id: "gap-1" });
  await api.get("/control?instance_id=gap-1");
  await until(async () => (await api.query("select 1 from instances where instance_id = 'gap-1'")).length === 1);
  await api.query("update runs set lease_until = now() - interval '200 seconds' where run_id = $1", [run.run_id]);
  await api.query("update instances set last_heard_at = now() - interval '250 seconds' where instance_id = 'gap-1'");
  await api.query("update installation set alive_at = now() - interval '240 seconds'");
  await api.sweep({ gap: true });
  expect((await api.get(`/runs/${run.run_id}`)).body.status).toBe("running");
  const [instance] = await api.query(
    "select last_heard_at > now() - interval '30 seconds' as fresh from instances where instance_id = 'gap-1'",
  );
  expect(instance?.fresh).toBe(true);
});

test("settings of the environment reach every caller, and are audited", async () => {
  const before = await api.get("/control?agent_id=any");
  expect(
    (await api.put("/control/settings", { ttl_s: 60, on_stale: "safe_mode", safe_mode_tools: ["kb.read"] })).status,
  ).toBe(200);
  const after = await until(async () => {
    const answer = await api.get("/control?agent_id=any", { headers: { "if-none-match": etag(before) } });
    return answer.status === 200 && answer;
  });
  expect(after.body).toMatchObject({ ttl_s: 60, on_stale: "safe_mode", safe_mode: { allowed_tools: ["kb.read"] } });
});
