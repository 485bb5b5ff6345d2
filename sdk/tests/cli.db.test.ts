import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { flushAcknowledgements } from "../../lib/controls/acknowledge";
import { type Json, startApi, until } from "../../lib/http/tests/harness";
import { person } from "../../lib/http/tests/people";
import { main } from "../src/cli/main";
import { tool } from "../src/index";
import { agents } from "./agent";

const api = await startApi();
const { agent, events } = agents(api);
const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function cli(argv: string[], how: { key?: string | null; url?: string; signal?: AbortSignal } = {}) {
  let out = "";
  let err = "";
  const code = await main(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: { INTERLOCK_URL: how.url ?? api.origin, INTERLOCK_KEY: how.key ?? api.rootKey },
    ...(how.signal ? { signal: how.signal } : {}),
  });
  return { code, out, err, json: () => JSON.parse(out) as Json };
}

describe("exit codes", () => {
  test("0 for help, with every command in it", async () => {
    const { code, out } = await cli(["help"]);
    expect(code).toBe(0);
    for (const name of [
      "status",
      "stop",
      "safe-mode",
      "release",
      "approvals",
      "runs",
      "tail",
      "apply",
      "export",
      "chaos",
      "doctor",
      "mcp",
    ])
      expect(out).toContain(`  ${name}`);
    expect((await cli(["stop", "--help"])).out).toContain("--reason");
  });
  test("2 for a command that is none, an option that is none, a switch without scope or reason", async () => {
    expect((await cli(["halt"])).code).toBe(2);
    expect((await cli(["status", "--loud"])).code).toBe(2);
    expect((await cli(["stop", "--reason", "x"])).code).toBe(2);
    expect((await cli(["stop", "--environment"])).code).toBe(2);
    expect((await cli(["stop", "--agent", "a", "--tenant", "b", "--reason", "x"])).code).toBe(2);
    expect((await cli(["pause", "--environment", "--reason", "x", "--for", "soon"])).code).toBe(2);
  });
  test("1 where it is refused, in the server's own words", async () => {
    const reader = await (await person(api, "cli-reader", ["viewer"])).key(["read"]);
    const { code, err } = await cli(["stop", "--environment", "--reason", "x"], { key: reader.key });
    expect(code).toBe(1);
    expect(err).toMatch(/operate|may not|scope/i);
    expect((await cli(["runs", "run_nowhere"])).code).toBe(1);
  });
  test("4 where nobody answers", async () => {
    const { code, err } = await cli(["status"], { url: "http://127.0.0.1:9" });
    expect(code).toBe(4);
    expect(err).toContain("does not answer");
  });
  test("errors are JSON too where that was asked for", async () => {
    expect((await cli(["runs", "run_nowhere", "--json"])).json()).toMatchObject({
      error: expect.any(String),
      problem: { status: 404 },
    });
  });
});

test("an agent is stopped, everybody's confirmation is waited for, and it is released", async () => {
  const interlock = await agent();
  const running = interlock.run(
    {},
    (run) => new Promise((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason))),
  );
  await until(async () => events.some((e) => e.kind === "connected"));
  await flushAcknowledgements();
  const stopping = cli(["stop", "--agent", interlock.agentId, "--reason", "it loops", "--wait", "20s"]);
  await running;
  const stopped = await until(async () => {
    await flushAcknowledgements();
    return Promise.race([stopping, new Promise<null>((resolve) => setTimeout(() => resolve(null), 50))]);
  }, 20_000);
  expect(stopped.out).toContain("Everybody has confirmed.");
  expect(stopped.code).toBe(0);
  const held = await cli(["status", "--json"]);
  expect(held.json()).toMatchObject({ switches: [{ mode: "stop", reason: "it loops" }] });
  const id = String((held.json().switches as unknown as Json[])[0]?.switch_id);
  expect((await cli(["release", id])).code).toBe(2);
  const released = await cli(["release", id, "--reason", "mended"]);
  expect(released).toMatchObject({ code: 0, out: `${id} is released.\n` });
});

test("3 where an instance does not obey: it is named", async () => {
  // An agent that was heard of, and does not answer any more.
  await api.get("/control?agent_id=deaf&instance_id=deaf-1&applied_revision=1");
  await flushAcknowledgements();
  const { code, out } = await cli(["stop", "--agent", "deaf", "--reason", "x", "--wait", "1s"]);
  expect(code).toBe(3);
  expect(out).toContain("requested: deaf-1 (deaf)");
  expect((await cli(["release", "--all", "--reason", "over"])).code).toBe(0);
});

test("an approval is listed, shown and answered by a named person's key", async () => {
  const interlock = await agent({ conditions: [{ tool: "mail.send", when: "true", then: "require_approval" }] });
  const mail = tool({ name: "mail.send", execute: () => "sent" });
  const running = interlock.run({}, (run) =>
    run.tool(mail, { to: "a@example.com" }, { intent: { reason: "a customer asked" } }),
  );
  const listed = await until(async () => {
    const { items } = (await cli(["approvals", "--json"])).json() as unknown as { items: Json[] };
    return items[0];
  });
  const id = String(listed.id);
  expect((await cli(["approvals"])).out).toContain("a customer asked");
  const { key } = await (await person(api, "cli-approver", ["approver"])).key(["approve", "read"]);
  expect((await cli(["approvals", "show", id], { key })).out).toContain("a@example.com");
  expect((await cli(["approvals", "approve", id], { key })).code).toBe(2);
  expect(await cli(["approvals", "approve", id, "--reason", "looked at"], { key })).toMatchObject({
    code: 0,
    out: `${id}: approved\n`,
  });
  expect((await running).ok).toBe(true);
  const shown = await cli(["runs", "--agent", interlock.agentId]);
  expect(shown.out).toContain("success");
  const runId = String(
    ((await cli(["runs", "--agent", interlock.agentId, "--json"])).json().items as unknown as Json[])[0]?.run_id,
  );
  expect((await cli(["runs", runId])).out).toContain("execute_tool");
});

test("the configuration is exported, would change nothing, changes, and 3 says that it would", async () => {
  const file = path.join(folder, "interlock.yaml");
  expect((await cli(["export", "--out", file])).code).toBe(0);
  expect(await cli(["apply", file, "--dry-run"])).toMatchObject({ code: 0, out: "Nothing differs.\n" });
  writeFileSync(file, readFileSync(file, "utf8").replace(/ttl_s: \d+/, "ttl_s: 45"));
  expect((await cli(["apply", file, "--dry-run"])).code).toBe(3);
  expect((await cli(["apply", file])).code).toBe(0);
  expect((await cli(["apply", file, "--dry-run"])).code).toBe(0);
  writeFileSync(file, "settings: 7\n");
  const wrong = await cli(["apply", file]);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain("settings");
});

test("what changes is told as it changes", async () => {
  const interlock = await agent();
  const ended = new AbortController();
  let out = "";
  const tailing = main(["tail", "--agent", interlock.agentId], {
    out: (text) => {
      out += text;
    },
    err: () => {},
    env: { INTERLOCK_URL: api.origin, INTERLOCK_KEY: api.rootKey },
    signal: ended.signal,
  });
  await interlock.run({ taskType: "sorting" }, () => 1);
  await until(async () => /run .*sorting completed: success/.test(out), 10_000);
  ended.abort();
  expect(await tailing).toBe(0);
});

test("the doctor finds all well, and says what is wrong", async () => {
  const well = await cli(["doctor"]);
  expect(well.out).not.toContain("WRONG");
  expect(well.code).toBe(0);
  const ill = await cli(["doctor"], { key: "ilk_wrong" });
  expect(ill.code).toBe(3);
  expect(ill.out).toMatch(/key +WRONG/);
});
