import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { flushAcknowledgements } from "../../lib/controls/acknowledge";
import { type Json, startApi, until } from "../../lib/http/tests/harness";
import { must, Stopped, tool, Unavailable } from "../src/index";
import { agents, latch } from "./agent";

const api = await startApi();
const { agent, join, stored, events, spool } = agents(api);

/** Between agent and server: lets through, cuts off, or keeps streams from coming through. */
async function wire() {
  let up = true;
  let streams = true;
  const server: Server = createServer((req, res) => {
    const body: Buffer[] = [];
    req.on("data", (d: Buffer) => body.push(d));
    req.on("end", async () => {
      if (!up) return void res.destroy();
      if (!streams && req.url?.includes("/control/stream"))
        return void res.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      const gone = new AbortController();
      res.on("close", () => gone.abort());
      const headers = Object.fromEntries(
        Object.entries(req.headers).filter(([k]) => !["host", "connection", "content-length"].includes(k)),
      ) as Record<string, string>;
      try {
        const answer = await fetch(api.origin + req.url, {
          method: req.method,
          headers,
          signal: gone.signal,
          ...(body.length > 0 ? { body: Buffer.concat(body) } : {}),
        });
        res.writeHead(
          answer.status,
          Object.fromEntries(
            [...answer.headers].filter(([k]) => !["content-encoding", "transfer-encoding", "connection"].includes(k)),
          ),
        );
        const reader = answer.body?.getReader();
        for (let got = await reader?.read(); got && !got.done; got = await reader?.read()) if (up) res.write(got.value);
        res.end();
      } catch {
        res.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      up = false;
      server.closeAllConnections();
    },
    mend: () => {
      up = true;
    },
    buffer: () => {
      streams = false;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
const letters = () => readdirSync(spool, { recursive: true }).filter((f) => String(f).endsWith(".letter.json"));
const read = tool({ name: "kb.read", effect: "read", execute: ({ id }: { id: number }) => id });
const settings = (body: Json) => api.put("/control/settings", body);

test("nobody can be asked: no write happens, and after `patienceMs` that is what the run ends with", async () => {
  const between = await wire();
  const interlock = await agent({}, { url: between.url, patienceMs: 300 });
  let called = 0;
  const write = tool({ name: "mail.send", execute: () => ++called });
  const run = await interlock.open();
  between.cut();
  await expect(run.tool(write, {})).rejects.toBeInstanceOf(Unavailable);
  expect(called).toBe(0);
  between.mend();
  await run.finish("internal_error");
  between.close();
});

test("the end of a run and the result of a call wait on disk while nobody takes them, and arrive from another process", async () => {
  const between = await wire();
  const interlock = await agent({}, { url: between.url });
  const work = latch();
  const begun = latch();
  const write = tool({
    name: "mail.send",
    execute: async () => {
      begun.open();
      await work.opened;
      return { id: "m-1" };
    },
    externalId: (m) => m.id,
  });
  const run = await interlock.open();
  const sent = run.tool(write, {});
  await begun.opened;
  between.cut();
  work.open();
  expect(await sent).toMatchObject({ ok: true, data: { id: "m-1" } });
  const finished = run.finish("success", { result: { done: true } });
  await until(async () => letters().length === 2);
  // The process ends without a word; the next one finds what it left.
  await interlock.close({ graceMs: 0 });
  await finished;
  expect((await stored(run.id)).status).toBe("running");
  between.mend();
  join(interlock.agentId, { url: between.url });
  await until(async () => (await stored(run.id)).status === "completed");
  await until(async () => letters().length === 0);
  const [effect] = (await api.get(`/effects?run_id=${run.id}`)).body.items as unknown as Json[];
  expect(effect).toMatchObject({ status: "done", external_id: "m-1" });
  between.close();
});

test("what nobody confirms for `ttl_s` stops the agent, and it is back by itself", async () => {
  await settings({ ttl_s: 5, on_stale: "stop" });
  const between = await wire();
  const interlock = await agent({}, { url: between.url });
  const begun = latch();
  const running = interlock.run({}, (run) => {
    begun.open();
    return new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason)));
  });
  await begun.opened;
  await until(async () => events.some((e) => e.kind === "connected"));
  between.cut();
  await until(async () => events.some((e) => e.kind === "stale"), 8_000);
  expect(interlock.held.mode).toBe("stop");
  between.mend();
  const done = await running;
  expect(done.ok ? null : done.error).toBeInstanceOf(Stopped);
  await interlock.ready();
  expect((await interlock.run({}, async (run) => must(await run.tool(read, { id: 3 })))).ok).toBe(true);
  expect((await stored(done.runId)).stop_reason).toBe("kill_switch");
  between.close();
  await settings({ ttl_s: 30 });
});

test("where `on_stale` is `continue`, reads go on by the last known rules and writes do not", async () => {
  await settings({ on_stale: "continue" });
  const between = await wire();
  const interlock = await agent({ on_stale: "continue" }, { url: between.url, patienceMs: 200 });
  const write = tool({ name: "mail.send", execute: () => 1 });
  const run = await interlock.open();
  await until(async () => events.some((e) => e.kind === "connected"));
  between.cut();
  expect(await run.tool(read, { id: 5 })).toMatchObject({ ok: true, data: 5, decisionId: null });
  await expect(run.tool(write, {})).rejects.toBeInstanceOf(Unavailable);
  between.mend();
  await run.finish("success");
  await settings({ on_stale: "stop" });
  between.close();
});

test("where streams do not come through, long polls do, and a stop still arrives", async () => {
  const between = await wire();
  between.buffer();
  const interlock = await agent({}, { url: between.url });
  await until(async () => events.some((e) => e.message === "by long poll"), 15_000);
  // A stop is meant for those of whom the server has heard.
  await flushAcknowledgements();
  const { body } = await api.post("/switches", {
    scope: { kind: "agent", key: interlock.agentId },
    mode: "stop",
    reason: "test",
  });
  await until(async () => interlock.held.mode === "stop");
  await until(async () => {
    await flushAcknowledgements();
    const { instances } = (await api.get(`/switches/${body.switch_id}/propagation`)).body as unknown as {
      instances: Json[];
    };
    return instances.some((i) => i.instance_id === interlock.instanceId && i.state !== "requested");
  });
  await api.post(`/switches/${body.switch_id}/release`, { reason: "over" });
  await interlock.ready();
  between.close();
});
