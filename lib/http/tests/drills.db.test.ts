import { beforeAll, describe, expect, test } from "vitest";
import { type Api, type Json, startApi, until } from "./harness";
import { type Person, person } from "./people";

// A drill stops an agent for real, until everybody that is connected has confirmed it, and releases it by itself.
let api: Api;
let op: Person;
let tendDrills: () => Promise<void>;
beforeAll(async () => {
  api = await startApi();
  op = await person(api, "ora", ["operator"]);
  ({ tendDrills } = await import("../../controls"));
});

/** As the worker does it; a slow test is no gap in which the server was away. */
async function tend(): Promise<void> {
  await api.query("update installation set alive_at = now()");
  await tendDrills();
}

/** Real polls of an agent: with the revision that it acts on, and the end of its run where it is told to stop. */
let n = 0;
async function polling(agent_id: string, instance_id = `${agent_id}-i${++n}`, gated = true) {
  const run = gated ? await api.openRun({ agent_id, instance_id }) : null;
  const ask = async (applied: number | null) => {
    const at = run ? `run_id=${run.run_id}` : `agent_id=${agent_id}`;
    const said = applied === null ? "" : `&applied_revision=${applied}`;
    const { body } = await api.get(`/control?${at}&instance_id=${instance_id}${said}`);
    return body as unknown as { mode: string; revision: number };
  };
  const now = await ask(null);
  await until(
    async () => (await api.query("select 1 from instances where instance_id = $1", [instance_id])).length > 0,
  );
  return {
    instance_id,
    run_id: run?.run_id ?? "",
    revision: now.revision,
    mode: async () => (await ask(null)).mode,
    /** Hears the stop, says so, and ends its run; `stays` only says so. */
    obey: async ({ stays = false } = {}) => {
      const told = await until(async () => {
        const one = await ask(null);
        return one.mode === "stop" && one;
      });
      await ask(told.revision);
      await until(
        async () =>
          (
            await api.query("select 1 from acknowledgements where instance_id = $1 and revision >= $2", [
              instance_id,
              told.revision,
            ])
          ).length > 0,
      );
      if (run && !stays) await api.post(`/runs/${run.run_id}/finish`, { stop_reason: "kill_switch" });
    },
  };
}

const start = (agent_id: string, more: Json = {}) =>
  api.post("/drills", { agent_id, reason: "to know", ...more }, op.session);
const look = async (id: unknown) =>
  (await api.get(`/drills/${String(id)}`)).body as unknown as Json & { laggards: string[] };
const late = (id: unknown) =>
  api.query("update drills set deadline_at = now() - interval '1 second' where drill_id = $1", [id]);
const switchOf = async (id: unknown) =>
  (await api.query("select s.* from drills d join switches s on s.id = d.switch_id where d.drill_id = $1", [id]))[0];
const told = (agent_id: string) =>
  api.query(
    "select severity, event, title, text, path from notifications where agent_id = $1 order by at, notification_id",
    [agent_id],
  );

describe("POST /drills", () => {
  test("201 stops the agent for real, is followed to proven, and releases its own stop alone", async () => {
    const one = await polling("canary");
    const idle = await polling("canary", "canary-idle", false);
    const other = await api.post("/switches", { scope: { kind: "tool", key: "x" }, mode: "stop", reason: "other" });
    const begun = await start("canary");
    expect(begun.status).toBe(201);
    const id = begun.body.drill_id;
    expect(begun.body).toMatchObject({
      outcome: "running",
      agent_id: "canary",
      started_by: "ora",
      scheduled: false,
      instances: { connected: 2, seen: 0, confirmed: 0 },
      runs: { requested: 1, confirmed: 0 },
      laggards: [one.instance_id, idle.instance_id].sort(),
      audit_row: expect.any(Number),
    });
    expect(await switchOf(id)).toMatchObject({
      scope_kind: "agent",
      scope_key: "canary",
      mode: "stop",
      reason: "Drill: to know",
    });
    expect((await api.openRun({ agent_id: "canary" })).body.code).toBe("stopped");

    await tend();
    expect(await look(id)).toMatchObject({ outcome: "running", instances: { seen: 0 } });
    await one.obey({ stays: true });
    await tend();
    expect(await look(id)).toMatchObject({ outcome: "running", seen_at: null, instances: { seen: 1, confirmed: 0 } });
    await idle.obey();
    await tend();
    const seen = await look(id);
    expect(seen).toMatchObject({
      outcome: "running",
      seen_at: expect.any(String),
      confirmed_at: null,
      instances: { seen: 2, confirmed: 1 },
      laggards: [one.instance_id],
    });
    await api.post(`/runs/${one.run_id}/finish`, { stop_reason: "kill_switch" });
    await tend();
    const proven = await look(id);
    expect(proven).toMatchObject({
      outcome: "proven",
      detail: expect.stringMatching(/^2 instances and 1 run confirmed within \d+\.\d s\.$/),
      instances: { connected: 2, seen: 2, confirmed: 2 },
      runs: { requested: 1, confirmed: 1 },
      laggards: [],
      slowest_instance: expect.any(String),
      slowest_seen_ms: expect.any(Number),
      confirmed_ms: expect.any(Number),
      confirmed_at: expect.any(String),
      released_at: expect.any(String),
    });
    expect(Number(proven.confirmed_ms)).toBeGreaterThanOrEqual(Number(proven.slowest_seen_ms));
    expect(await switchOf(id)).toMatchObject({ release_reason: "drill over", released_by_name: "Interlock (drill)" });
    expect(
      await api.query("select 1 from switches where id = $1 and released_at is null", [other.body.switch_id]),
    ).toHaveLength(1);
    await api.post(`/switches/${other.body.switch_id}/release`, { reason: "over" });
    expect((await api.openRun({ agent_id: "canary" })).status).toBe(201);
    await until(async () => (await idle.mode()) === "run");
    expect(await told("canary")).toEqual([]);
    const { items } = (await api.get(`/audit?target_id=${proven.switch_id}`)).body as unknown as { items: Json[] };
    expect(items.map((i) => [i.action, i.summary])).toEqual([
      ["drill.end", expect.stringMatching(/^ended the drill of agent canary, proven, and released it: 2 instances/)],
      ["drill.start", "stopped agent canary for a drill: to know"],
    ]);
  });

  test("404 for an agent that was never seen here, or only in another environment", async () => {
    expect((await start("nobody")).status).toBe(404);
    await api.openRun({ agent_id: "far-agent" }, { key: await api.key(["agent"], { environment: "far" }) });
    expect((await start("far-agent")).status).toBe(404);
  });

  test("403 for a viewer, and for a key that is bound to other agents", async () => {
    const viewer = await person(api, "vic", ["viewer"]);
    expect((await api.post("/drills", { agent_id: "canary", reason: "r" }, viewer.session)).status).toBe(403);
    const key = await api.key(["operate"], { agent_ids: ["blue-*"] });
    expect((await api.post("/drills", { agent_id: "canary", reason: "r" }, { key })).status).toBe(403);
  });

  test("409 nothing_connected: whom nobody hears, and who only waits, would prove nothing; nothing is stopped", async () => {
    const { run_id } = await api.openRun({ agent_id: "silent", instance_id: "silent-1" });
    await api.query(
      "update instances set last_heard_at = now() - interval '10 minutes' where instance_id = 'silent-1'",
    );
    await api.query("update runs set status = 'waiting', waiting_since = now() where run_id = $1", [run_id]);
    const refused = await start("silent");
    expect([refused.status, refused.body.code, refused.body.why]).toEqual([409, "conflict", "nothing_connected"]);
    expect(refused.body.detail).toContain("Nothing would be proven");
    expect(await api.query("select 1 from switches where scope_key = 'silent'")).toEqual([]);
    expect((await api.query("select status from runs where run_id = $1", [run_id]))[0]?.status).toBe("waiting");
    expect((await api.get("/drills?agent_id=silent")).body.items).toEqual([]);
  });

  test("409 held_already: a stop or a pause covers it; a safe mode does not", async () => {
    await polling("held");
    for (const mode of ["stop", "pause"]) {
      const by = await api.post("/switches", { scope: { kind: "agent", key: "held" }, mode, reason: "a fire" });
      const refused = await start("held");
      expect([refused.status, refused.body.why]).toEqual([409, "held_already"]);
      expect(refused.body.detail).toContain("a fire");
      await api.post(`/switches/${by.body.switch_id}/release`, { reason: "over" });
    }
    const narrow = await api.post("/switches", { scope: { kind: "environment" }, mode: "safe_mode", reason: "r" });
    const begun = await start("held");
    expect(begun.status).toBe(201);
    await api.post(`/switches/${narrow.body.switch_id}/release`, { reason: "over" });
    await late(begun.body.drill_id);
    await tend();
  });

  test("409 drill_running: one drill an agent, however many ask at once", async () => {
    await polling("busy");
    const all = await Promise.all([1, 2, 3, 4].map(() => start("busy")));
    expect(all.map((a) => a.status).sort()).toEqual([201, 409, 409, 409]);
    expect(all.find((a) => a.status === 409)?.body.why).toBe("drill_running");
    await late(all.find((a) => a.status === 201)?.body.drill_id);
    await tend();
  });

  test("422 without a reason, with a limit that is none, with an unknown key", async () => {
    expect((await start("canary", { reason: " " })).status).toBe(422);
    expect((await start("canary", { wait_s: 5 })).status).toBe(422);
    expect((await start("canary", { wait: 60 })).body.errors).toMatchObject([{ path: "wait" }]);
  });
});

describe("a drill that is not proven", () => {
  test("fails after its time, names who did not confirm, tells people, and releases the agent; a later one resolves it", async () => {
    const good = await polling("slow");
    const bad = await polling("slow");
    await api.query(
      "insert into instances (environment_id, instance_id, agent_id, last_heard_at) select environment_id, 'slow-lost', 'slow', now() - interval '1 hour' from instances limit 1",
    );
    const begun = await start("slow", { wait_s: 30 });
    const id = begun.body.drill_id;
    const limit = Date.parse(String(begun.body.deadline_at)) - Date.parse(String(begun.body.started_at));
    expect([limit, begun.body.instances]).toEqual([30_000, { connected: 2, seen: 0, confirmed: 0 }]);
    await good.obey();
    await tend();
    expect(await look(id)).toMatchObject({ outcome: "running", laggards: [bad.instance_id] });
    await late(id);
    await tend();
    expect(await look(id)).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining(`by: ${bad.instance_id}.`),
      laggards: [bad.instance_id],
      confirmed_at: null,
      confirmed_ms: null,
      released_at: expect.any(String),
    });
    expect(await switchOf(id)).toMatchObject({ release_reason: "drill over" });
    expect(await told("slow")).toMatchObject([
      {
        severity: "high",
        event: "opened",
        title: "The drill of agent slow failed: a stop of it is not proven",
        text: expect.stringContaining(bad.instance_id),
        path: `/controls/${begun.body.switch_id}`,
      },
    ]);
    await tend();
    expect(await told("slow")).toHaveLength(1);

    await until(async () => (await api.openRun({ agent_id: "slow", instance_id: "slow-new" })).status === 201);
    await api.query(
      "update instances set last_heard_at = now() - interval '1 hour' where agent_id = 'slow' and instance_id <> 'slow-new'",
    );
    await api.post(`/runs/${bad.run_id}/finish`, { stop_reason: "kill_switch" });
    const [run] = await api.query("select run_id from runs where instance_id = 'slow-new'");
    const again = await start("slow");
    await api.post("/control/ack", { instance_id: "slow-new", applied_revision: again.body.revision });
    await api.post(`/runs/${run?.run_id}/finish`, { stop_reason: "kill_switch" });
    await until(async () => {
      await tend();
      return (await look(again.body.drill_id)).outcome === "proven";
    });
    expect((await told("slow")).map((t) => t.event)).toEqual(["opened", "resolved"]);
  });

  test("without a limit it has 3 × ttl_s, and never less than 60 s", async () => {
    await polling("limit");
    const span = async () => {
      const { body } = await start("limit");
      await late(body.drill_id);
      await tend();
      return (Date.parse(String(body.deadline_at)) - Date.parse(String(body.started_at))) / 1_000;
    };
    expect(await span()).toBe(90);
    await api.put("/control/settings", { ttl_s: 10 });
    expect(await span()).toBe(60);
    await api.put("/control/settings", { ttl_s: 30 });
  });

  test("a person who releases it first is named; it is proven only by what was confirmed before", async () => {
    const agent = await polling("early");
    const begun = await start("early");
    await api.post(`/switches/${begun.body.switch_id}/release`, { reason: "we need it" }, op.session);
    await api.get(
      `/control?agent_id=early&instance_id=${agent.instance_id}&applied_revision=${Number(begun.body.revision) + 1}`,
    );
    await api.post(`/runs/${agent.run_id}/finish`, { stop_reason: "success" });
    await tend();
    expect(await look(begun.body.drill_id)).toMatchObject({
      outcome: "failed",
      detail: expect.stringMatching(/^ora released it before it was proven/),
    });
    expect(await switchOf(begun.body.drill_id)).toMatchObject({
      release_reason: "we need it",
      released_by_name: "ora",
    });

    const idle = await polling("early", "early-idle", false);
    await api.query("update instances set last_heard_at = now() - interval '1 hour' where instance_id = $1", [
      agent.instance_id,
    ]);
    const second = await start("early");
    await idle.obey();
    await api.post(`/switches/${second.body.switch_id}/release`, { reason: "seen enough" }, op.session);
    await tend();
    expect(await look(second.body.drill_id)).toMatchObject({
      outcome: "proven",
      detail: expect.stringContaining("ora released it before the drill did."),
    });
  });

  test("a worker that died is no loss: another picks it up, several at once end it once; time that the server was away does not count", async () => {
    const agent = await polling("crash");
    const begun = await start("crash");
    const id = begun.body.drill_id;
    await late(id);
    await api.query("update installation set alive_at = now() - interval '10 minutes'");
    await tendDrills();
    expect(await look(id)).toMatchObject({ outcome: "running" });
    await agent.obey();
    await Promise.all([tend(), tend(), tend()]);
    expect(await look(id)).toMatchObject({ outcome: "proven" });
    const rows = await api.query("select 1 from audit_rows where action = 'drill.end' and target_id = $1", [
      begun.body.switch_id,
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe("by schedule", () => {
  const due = (ago: string) => api.query(`update control_heads set drill_at = now() - interval '${ago}'`);
  const state = async () => (await api.get("/control/state")).body.drill as unknown as Json | null;
  const drills = async (agent_id: string) =>
    (await api.get(`/drills?agent_id=${agent_id}`)).body.items as unknown as Json[];

  test("200 is kept with the settings, says when it is due, and moves only when it is another", async () => {
    const drill = { agent_id: "nightly", every_days: 7, hour: 3 };
    expect((await api.put("/control/settings", { drill })).status).toBe(200);
    const first = await state();
    expect(first).toMatchObject(drill);
    expect(new Date(String(first?.next_at)).toISOString()).toMatch(/T03:00:00/);
    expect(Date.parse(String(first?.next_at))).toBeGreaterThan(Date.now());
    await due("1 minute");
    const [before] = await api.query("select drill_at from control_heads limit 1");
    await api.put("/control/settings", { drill, poll_after_s: 6 });
    expect((await api.query("select drill_at from control_heads limit 1"))[0]).toEqual(before);
    const file = String((await api.get("/export")).body.text);
    expect(file).toMatch(/every_days: 7/);
    const write = (text: string) => api.post("/import", text, { headers: { "content-type": "application/yaml" } });
    const other = await write(file.replace("every_days: 7", "every_days: 14"));
    expect([other.status, (await state())?.every_days]).toEqual([200, 14]);
    await write(file);
    expect(await state()).toMatchObject(drill);
  });

  test("422 for an hour that no day has", async () => {
    const drill = { agent_id: "nightly", every_days: 0, hour: 24 };
    const { status, body } = await api.put("/control/settings", { drill });
    expect([status, (body.errors as unknown as Json[]).map((e) => e.path)]).toEqual([
      422,
      ["drill.every_days", "drill.hour"],
    ]);
  });

  test("it begins once when due, with several workers, and is due again after its days", async () => {
    const agent = await polling("nightly");
    await due("1 minute");
    await Promise.all([tend(), tend(), tend()]);
    const [one, ...more] = await drills("nightly");
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      scheduled: true,
      outcome: "running",
      started_by: "Interlock (drill)",
      reason: "by schedule, every 7 days",
    });
    const left = Date.parse(String((await state())?.next_at)) - Date.now();
    expect(Math.abs(left - 7 * 86_400_000)).toBeLessThan(120_000);
    await agent.obey();
    await tend();
    expect((await drills("nightly"))[0]).toMatchObject({ outcome: "proven" });
    expect(await told("nightly")).toEqual([]);
  });

  test("what cannot begin has failed with the reason, and is told; its hour missed by more than one waits for the next day", async () => {
    await api.query("update instances set last_heard_at = now() - interval '1 hour' where agent_id = 'nightly'");
    await due("1 minute");
    await tend();
    expect((await drills("nightly"))[0]).toMatchObject({
      outcome: "failed",
      switch_id: null,
      detail: expect.stringContaining("Nothing would be proven"),
    });
    expect(await told("nightly")).toMatchObject([{ severity: "high", event: "opened", path: "/controls" }]);
    await due("3 hours");
    await tend();
    const all = await drills("nightly");
    expect(all[0]).toMatchObject({ outcome: "failed", detail: expect.stringContaining("away at its hour") });
    expect(Date.parse(String((await state())?.next_at)) - Date.now()).toBeLessThanOrEqual(86_400_000);
    await api.put("/control/settings", { drill: null });
    expect(await state()).toBeNull();
    await tend();
    expect(await drills("nightly")).toHaveLength(all.length);
  });
});

describe("GET /drills", () => {
  test("200 newest first, page by page, by agent and by outcome", async () => {
    const all = (await api.get("/drills?limit=500")).body.items as unknown as Json[];
    const times = all.map((d) => String(d.started_at));
    expect(times).toEqual([...times].sort().reverse());
    const seen: unknown[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await api.get(`/drills?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
      const page = body as unknown as { items: Json[]; next_cursor: string | null };
      seen.push(...page.items.map((d) => d.drill_id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(all.map((d) => d.drill_id));
    const proven = (await api.get("/drills?agent_id=slow&outcome=proven")).body.items as unknown as Json[];
    expect(proven.map((d) => [d.agent_id, d.outcome])).toEqual([["slow", "proven"]]);
  });

  test("404 for what is not there; 403 and an empty list for a key of other agents; 422 for an unknown outcome", async () => {
    const [one] = (await api.get("/drills?agent_id=canary")).body.items as unknown as Json[];
    expect((await api.get(`/drills/${one?.drill_id}`)).body).toEqual(one);
    expect((await api.get("/drills/drl_nowhere")).status).toBe(404);
    const key = await api.key(["read"], { agent_ids: ["blue-*"] });
    expect((await api.get(`/drills/${one?.drill_id}`, { key })).status).toBe(403);
    expect((await api.get("/drills", { key })).body.items).toEqual([]);
    expect((await api.get("/drills?outcome=maybe")).status).toBe(422);
  });
});

test("the launch gate takes a proven drill, and one that failed proves nothing, whoever obeys after it", async () => {
  const answer = async (agent: string) =>
    (
      (await api.get(`/readiness?agent_id=${agent}`)).body.checks as unknown as {
        check: string;
        answer: string;
        detail: string;
      }[]
    ).find((c) => c.check === "kill_switch");
  expect(await answer("canary")).toMatchObject({ answer: "yes", detail: expect.stringMatching(/^A drill by ora/) });
  const agent = await polling("gate");
  expect(await answer("gate")).toMatchObject({ answer: "unknown" });
  const begun = await start("gate");
  await late(begun.body.drill_id);
  await tend();
  await api.post(`/runs/${agent.run_id}/finish`, { stop_reason: "success" });
  expect(await answer("gate")).toMatchObject({ answer: "no", detail: expect.stringContaining("was not confirmed") });
});
