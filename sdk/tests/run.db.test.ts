import { expect, test } from "vitest";
import { z } from "zod";
import { type Json, startApi, until } from "../../lib/http/tests/harness";
import { person } from "../../lib/http/tests/people";
import {
  ApprovalPending,
  ApprovalRefused,
  BudgetExhausted,
  Denied,
  DuplicateRun,
  InvalidRequest,
  LoopDetected,
  must,
  OutputInvalid,
  type Run,
  RunLocked,
  Stopped,
  ToolFailed,
  tool,
} from "../src/index";
import { agents, latch } from "./agent";

const api = await startApi();
const { agent, join, stored } = agents(api);
const read = tool({ name: "kb.read", effect: "read", execute: ({ id }: { id: number }) => ({ id, text: "hello" }) });
const http = (status: number) => Object.assign(new Error(`answered ${status}`), { status });
const decisionsOf = async (runId: string) =>
  (await api.get(`/decisions?run_id=${runId}`)).body.items as unknown as Json[];
const stop = (key: string) => api.post("/switches", { scope: { kind: "agent", key }, mode: "stop", reason: "03:00" });

test("a run is opened, asks, does, tells, ends; its trace and its decisions name each other", async () => {
  const interlock = await agent({ budgets: { max_usd: 1 } });
  const done = await interlock.run({ goal: "answer a question", taskType: "support" }, async (run) =>
    run.step("answer", async () => {
      const article = must(await run.tool(read, { id: 7 }, { intent: { reason: "the user asked" } }));
      const answer = must(
        await run.model({
          model: "gpt-4o-mini",
          inputTokens: 100,
          maxOutputTokens: 50,
          call: () => ({ text: article.text, used: { input: 90, output: 10 } }),
          usage: (a) => a.used,
        }),
      );
      return answer.text;
    }),
  );
  expect(done).toMatchObject({ ok: true, value: "hello", stopReason: "success" });
  const run = await stored(done.runId);
  expect(run).toMatchObject({
    status: "completed",
    stop_reason: "success",
    tool_calls: 1,
    steps: 1,
    gate: "enforced",
    task_type: "support",
  });
  expect(run.tokens).toMatchObject({ input: 90, output: 10 });
  const decisions = await decisionsOf(done.runId);
  expect(decisions.map((d) => d.kind).sort()).toEqual(["model", "step", "tool"]);
  expect(decisions.every((d) => (d.result as Json | null)?.status === "ok")).toBe(true);
  const { items } = (await api.get(`/runs/${done.runId}/spans`)).body as unknown as { items: Json[] };
  const span = (kind: string) => items.find((s) => s.kind === kind) as Json;
  expect(items.map((s) => s.kind).sort()).toEqual(["agent", "model", "step", "tool"]);
  expect(span("tool")).toMatchObject({ tool: "kb.read", status: "ok", parent_span_id: span("step").span_id });
  expect(decisions.map((d) => d.decision_id)).toContain(span("tool").decision_id);
});

test("a tool knows the decision that allowed it, and its span where it calls", async () => {
  const interlock = await agent();
  const endpoint = "https://kb.example.com/articles";
  const asked = tool({ name: "kb.read", effect: "read", endpoint, execute: (_: Json, { decisionId }) => decisionId });
  const done = await interlock.run({}, async (run) => must(await run.tool(asked, { id: 7 })));
  if (!done.ok) throw done.error;
  const [decision] = await decisionsOf(done.runId);
  expect(done.value).toBe(decision?.decision_id);
  const { items } = (await api.get(`/runs/${done.runId}/spans`)).body as unknown as { items: Json[] };
  expect(items.find((s) => s.kind === "tool")).toMatchObject({ endpoint, decision_id: done.value });
});

test("what policy denies is not called, and comes back as data; thrown on, it is what the run ends with", async () => {
  const interlock = await agent({ tools: { allow: ["kb.*"] } });
  let called = 0;
  const remove = tool({ name: "db.drop", effect: "irreversible", execute: () => called++ });
  const done = await interlock.run({}, async (run) => {
    const outcome = await run.tool(remove, {});
    expect(outcome).toMatchObject({ ok: false, error: { code: "tool_not_allowed", stopReason: "tool_denied" } });
    expect(outcome.ok ? null : outcome.error).toBeInstanceOf(Denied);
    return must(outcome);
  });
  expect(done).toMatchObject({ ok: false, stopReason: "tool_denied" });
  expect((await stored(done.runId)).stop_reason).toBe("tool_denied");
  expect(called).toBe(0);
});

test("a stop reaches a call that is under way: its signal is aborted, nothing more happens, the stop is confirmed", async () => {
  const interlock = await agent();
  const begun = latch();
  let after = 0;
  const slow = tool({
    name: "report.build",
    effect: "read",
    execute: (_: Json, { signal }) =>
      new Promise<void>((_resolve, reject) => {
        begun.open();
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  const running = interlock.run({}, async (run) => {
    await run.tool(slow, {});
    after++;
  });
  await begun.opened;
  const { body } = await stop(interlock.agentId);
  const done = await running;
  expect(done).toMatchObject({ ok: false, stopReason: "kill_switch" });
  expect(done.ok ? null : done.error).toBeInstanceOf(Stopped);
  expect(after).toBe(0);
  expect((await stored(done.runId)).stop_reason).toBe("kill_switch");
  await until(async () => {
    const { instances, runs } = (await api.get(`/switches/${body.switch_id}/propagation`)).body as unknown as {
      instances: Json[];
      runs: Json;
    };
    return (
      runs.confirmed === 1 && instances.some((i) => i.instance_id === interlock.instanceId && i.state === "confirmed")
    );
  });
  await expect(interlock.run({}, () => 1)).rejects.toBeInstanceOf(Stopped);
  await api.post(`/switches/${body.switch_id}/release`, { reason: "over" });
  await interlock.ready();
  expect((await interlock.run({}, () => 1)).ok).toBe(true);
});

test("a pause holds the run where it is; released, it goes on", async () => {
  const interlock = await agent();
  const paused = latch<string>();
  let called = 0;
  const count = tool({ name: "count.up", effect: "read", execute: () => ++called });
  const running = interlock.run({}, async (run) => {
    must(await run.tool(count, { n: 1 }));
    const scope = { kind: "agent", key: interlock.agentId };
    paused.open((await api.post("/switches", { scope, mode: "pause", reason: "look" })).body.switch_id as never);
    await until(async () => interlock.held.mode === "pause");
    return must(await run.tool(count, { n: 2 }));
  });
  const id = await paused.opened;
  await until(async () => interlock.held.mode === "pause");
  expect(called).toBe(1);
  await api.post(`/switches/${id}/release`, { reason: "seen" });
  expect(await running).toMatchObject({ ok: true, value: 2 });
});

test("a person is waited for; what was approved runs once, what was denied never", async () => {
  const interlock = await agent({ conditions: [{ tool: "mail.send", when: "true", then: "require_approval" }] });
  const approver = await person(api, "approver-sdk", ["approver"]);
  const sent: string[] = [];
  const mail = tool({ name: "mail.send", effect: "irreversible", execute: ({ to }: { to: string }) => sent.push(to) });
  const verdict = async (runId: string, word: string) => {
    const asked = await until(async () => {
      const { items } = (await api.get(`/approvals?status=pending&run_id=${runId}`)).body as unknown as {
        items: Json[];
      };
      return items[0];
    });
    await api.post(`/approvals/${asked.id}/verdict`, { verdict: word, reason: "looked at" }, approver.session);
  };
  const said = latch<string>();
  const running = interlock.run({}, async (run) => {
    said.open(run.id);
    must(await run.tool(mail, { to: "a@example.com" }));
    return must(await run.tool(mail, { to: "b@example.com" }));
  });
  const runId = await said.opened;
  await verdict(runId, "approve");
  await until(async () => sent.length === 1);
  await verdict(runId, "deny");
  const done = await running;
  expect(sent).toEqual(["a@example.com"]);
  expect(done).toMatchObject({ ok: false, stopReason: "approval_denied" });
  expect(done.ok ? null : done.error).toBeInstanceOf(ApprovalRefused);
});

test("whoever does not want to wait gets the question back, and asks again later", async () => {
  const interlock = await agent({ conditions: [{ tool: "mail.send", when: "true", then: "require_approval" }] });
  const approver = await person(api, "approver-later", ["approver"]);
  let sent = 0;
  const mail = tool({ name: "mail.send", effect: "write", execute: () => ++sent });
  const done = await interlock.run({}, async (run) => {
    const first = await run.tool(mail, {}, { approval: "return" });
    if (first.ok || first.error.code !== "approval_required" || !("approval" in first.error))
      throw new Error("not asked");
    await api.post(
      `/approvals/${first.error.approval.id}/verdict`,
      { verdict: "approve", reason: "fine" },
      approver.session,
    );
    return must(await run.tool(mail, {}, { approval: "return" }));
  });
  expect(done).toMatchObject({ ok: true, value: 1 });
  expect(sent).toBe(1);
});

test("a run that waits for a person is left, and gone on with from another process", async () => {
  const first = await agent({ conditions: [{ tool: "mail.send", when: "true", then: "require_approval" }] });
  const approver = await person(api, "approver-elsewhere", ["approver"]);
  let sent = 0;
  const mail = tool({ name: "mail.send", effect: "write", execute: () => ++sent });
  const work = async (run: Run) => must(await run.tool(mail, {}, { approval: "return" }));
  const asked = await first.run({ requestId: "later-1" }, work);
  if (asked.ok || !(asked.error instanceof ApprovalPending)) throw new Error("not asked");
  await first.close({ graceMs: 0 });
  expect((await stored(asked.runId)).status).toBe("waiting");
  const verdict = { verdict: "approve", reason: "fine" };
  await api.post(`/approvals/${asked.error.approval.id}/verdict`, verdict, approver.session);
  const second = await join(first.agentId).run({ requestId: "later-1" }, work);
  expect(second).toMatchObject({ ok: true, runId: asked.runId, value: 1 });
  expect(sent).toBe(1);
});

test("a shutdown leaves a run that waits for a person as it is: the question stands, and the next process goes on", async () => {
  const first = await agent({ conditions: [{ tool: "mail.send", when: "true", then: "require_approval" }] });
  const approver = await person(api, "approver-shutdown", ["approver"]);
  let sent = 0;
  const mail = tool({ name: "mail.send", effect: "write", execute: () => ++sent });
  const work = async (run: Run) => must(await run.tool(mail, {}));
  const waiting = first.run({ requestId: "shut-1" }, work);
  const asked = await until(async () => {
    const { items } = (await api.get("/approvals?status=pending")).body as unknown as { items: Json[] };
    return items.find((a) => a.agent_id === first.agentId);
  });
  await first.close({ graceMs: 0 });
  expect((await waiting).ok).toBe(false);
  expect((await stored(String(asked.run_id))).status).toBe("waiting");
  await api.post(`/approvals/${asked.id}/verdict`, { verdict: "approve", reason: "fine" }, approver.session);
  expect(await join(first.agentId).run({ requestId: "shut-1" }, work)).toMatchObject({
    ok: true,
    runId: asked.run_id,
    value: 1,
  });
  expect(sent).toBe(1);
});

test("the same write twice happens once: the second is answered from the ledger", async () => {
  const interlock = await agent({ tools: { allow: ["*"], idempotency_required: ["ticket.create"] } });
  const keys: (string | null)[] = [];
  const create = tool({
    name: "ticket.create",
    execute: (_: { title: string }, { idempotencyKey }) => ({ id: `T-${keys.push(idempotencyKey)}` }),
    externalId: (ticket) => ticket.id,
  });
  const done = await interlock.run({}, async (run) => {
    const first = await run.tool(create, { title: "down" });
    const second = await run.tool(create, { title: "down" });
    return [first, second];
  });
  expect(done).toMatchObject({
    ok: true,
    value: [
      { ok: true, data: { id: "T-1" }, replayed: false },
      { ok: true, data: { id: "T-1" }, replayed: true },
    ],
  });
  expect(keys).toHaveLength(1);
  expect(keys[0]).toContain("ticket.create");
});

test("of ten calls at once under a cap of four, four happen and the run ends with the cap", async () => {
  const interlock = await agent({ budgets: { max_tool_calls: 4 } });
  let called = 0;
  const count = tool({ name: "count.up", effect: "read", execute: () => ++called });
  const done = await interlock.run({}, (run) =>
    Promise.all(Array.from({ length: 10 }, (_, n) => run.tool(count, { n }))),
  );
  expect(called).toBe(4);
  expect(done).toMatchObject({ ok: false, stopReason: "tool_budget" });
  expect(done.ok ? null : done.error).toBeInstanceOf(BudgetExhausted);
});

test("a status that policy names is tried again with the same key; another is not", async () => {
  const retries = { max_attempts: 3, retryable_status: [503], backoff_ms: [1] };
  const interlock = await agent({ tools: { allow: ["*"], idempotency_required: ["ticket.create"], retries } });
  const keys = new Set<string | null>();
  let tries = 0;
  const flaky = tool({
    name: "ticket.create",
    execute: (_: Json, { idempotencyKey, attempt }) => {
      keys.add(idempotencyKey);
      if (++tries < 3) throw http(503);
      return { attempt };
    },
  });
  const broken = tool({ name: "page.get", effect: "read", execute: () => ++tries && Promise.reject(http(502)) });
  const limited = tool({ name: "quota.get", effect: "read", execute: () => Promise.reject(http(429)) });
  const expired = tool({ name: "auth.get", effect: "read", execute: () => Promise.reject(http(401)) });
  const done = await interlock.run({}, async (run) => {
    expect(await run.tool(flaky, { title: "x" })).toMatchObject({ ok: true, data: { attempt: 3 } });
    expect(tries).toBe(3);
    expect(await run.tool(broken, {})).toMatchObject({ ok: false, error: { code: "tool_failed" } });
    expect(tries).toBe(4);
    expect(await run.tool(limited, {})).toMatchObject({ ok: false, error: { stopReason: "tool_rate_limit" } });
    const outcome = await run.tool(expired, {});
    expect(outcome).toMatchObject({ ok: false, error: { stopReason: "tool_auth_failed" } });
    return must(outcome);
  });
  expect(keys.size).toBe(1);
  expect(done).toMatchObject({ ok: false, stopReason: "tool_auth_failed" });
  expect(done.ok ? null : done.error).toBeInstanceOf(ToolFailed);
});

test("a tool that does not answer in its time is not waited for, though it listens to nothing", async () => {
  const interlock = await agent({ tools: { allow: ["*"], timeouts_s: { default: 1 }, retries: { max_attempts: 1 } } });
  const deaf = tool({ name: "deaf.read", effect: "read", execute: () => new Promise(() => {}) });
  const done = await interlock.run({}, async (run) => must(await run.tool(deaf, {})));
  expect(done).toMatchObject({ ok: false, stopReason: "tool_timeout" });
});

test("an answer of another shape fails closed, and says where", async () => {
  const interlock = await agent();
  const search = tool({
    name: "search.read",
    effect: "read",
    output: z.object({ total_hits: z.number(), documents: z.array(z.string()) }),
    execute: () => ({ total_hits: "3", documents: [] }) as never,
  });
  const done = await interlock.run({}, async (run) => must(await run.tool(search, {})));
  expect(done).toMatchObject({ ok: false, stopReason: "tool_output_invalid" });
  expect(done.ok ? null : done.error).toBeInstanceOf(OutputInvalid);
  expect(done.ok ? null : (done.error as OutputInvalid).issues[0]?.path).toBe("total_hits");
});

test("a step hands over what was declared, or the run ends", async () => {
  const interlock = await agent();
  const shape = z.object({ entities: z.array(z.string()), source_ids: z.array(z.string()) });
  const done = await interlock.run({}, (run) =>
    run.step("extract", () => ({ entities: "a, b and c" }) as never, { output: shape }),
  );
  expect(done).toMatchObject({ ok: false, stopReason: "tool_output_invalid" });
});

test("the same call with the same answer is a loop", async () => {
  const interlock = await agent({ loop_detection: { repeated_calls_threshold: 3 } });
  let called = 0;
  const list = tool({ name: "files.list", effect: "read", execute: () => ++called && ["a"] });
  const done = await interlock.run({}, async (run) => {
    for (let n = 0; n < 50; n++) must(await run.tool(list, {}));
  });
  expect(called).toBeLessThan(5);
  expect(done.ok ? null : done.error).toBeInstanceOf(LoopDetected);
  expect(done.stopReason).toBe("loop_detected");
});

test("one request is one run: again it gives what it gave, elsewhere it is a duplicate while it runs", async () => {
  const interlock = await agent();
  const other = join(interlock.agentId);
  const begun = latch();
  const end = latch();
  let worked = 0;
  const work = async () => {
    worked++;
    begun.open();
    await end.opened;
    return { answer: 42 };
  };
  const first = interlock.run({ requestId: "mail-2026-11-21" }, work);
  await begun.opened;
  await expect(other.run({ requestId: "mail-2026-11-21" }, work)).rejects.toBeInstanceOf(DuplicateRun);
  end.open();
  expect(await first).toMatchObject({ ok: true, value: { answer: 42 }, replayed: false });
  expect(await other.run({ requestId: "mail-2026-11-21" }, work)).toMatchObject({
    ok: true,
    value: { answer: 42 },
    replayed: true,
  });
  expect(worked).toBe(1);
});

test("a lock is held by one run, and the other is told by whom", async () => {
  const interlock = await agent();
  const held = await interlock.open({ lockKey: "daily-mail" });
  const refused = await interlock.open({ lockKey: "daily-mail" }).catch((e) => e);
  expect(refused).toBeInstanceOf(RunLocked);
  expect(refused.holder.runId).toBe(held.id);
  await held.finish("success");
  await (await interlock.open({ lockKey: "daily-mail" })).finish("success");
});

test("a mistake of the caller is told with its place", async () => {
  const interlock = await agent();
  const refused = await interlock.run({ estimate: { usd: -1 } }, () => 1).catch((e) => e);
  expect(refused).toBeInstanceOf(InvalidRequest);
  expect(refused.issues[0].path).toBe("estimate.usd");
});

test("a child stops with its parent, though only the parent was stopped", async () => {
  const parent = await agent();
  const child = await agent();
  const begun = latch();
  const running = parent.run({}, async (run) => {
    const done = await child.run({ parentRunId: run.id }, async (inner) => {
      begun.open();
      await until(async () => (await stored(run.id)).stop_reason !== null || run.signal.aborted);
      return must(await inner.tool(read, { id: 1 }));
    });
    expect(done).toMatchObject({ ok: false, stopReason: "kill_switch" });
  });
  await begun.opened;
  await stop(parent.agentId);
  expect((await running).stopReason).toBe("kill_switch");
});
