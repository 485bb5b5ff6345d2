import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { provide } from "../../platform/env";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { type Person, person } from "./people";

// An HTTP validator is the first voter: a machine, in front of the people.
let api: Api;
let agent: ReturnType<typeof asking>;
let ann: Person;
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  ann = await person(api, "ann", ["approver"]);
});

let agents = 0;
const open = (more: Json) =>
  agent.ruled(`judged-${++agents}`, {
    tools: { allow: ["*"], catalog: { mail: { effect: "irreversible" } } },
    ...more,
  });
const get = async (id: string) => (await api.get(`/approvals/${id}`)).body;
const verdict = (id: string, by: Person) =>
  api.post(`/approvals/${id}/verdict`, { verdict: "approve", reason: "I looked" }, by.session);

let hook: Server;
let url = "";
let word: Json | null = {};
const bodies: Json[] = [];
beforeAll(async () => {
  provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true" });
  hook = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += String(part);
    });
    request.on("end", () => {
      bodies.push(JSON.parse(text) as Json);
      if (word !== null) response.setHeader("content-type", "application/json").end(JSON.stringify(word));
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/judge`;
});
afterAll(async () => {
  provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false" });
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
});
const ask = async (tool = "write", more: Json = {}) => {
  const run = await open({ validators: [{ tool: "*", url }], ...more });
  const question = { tool, args: { size: 1 }, facts: { external_domain: "a.b" } };
  return { run, question, id: String((await agent.ask(run, question)).approval?.id) };
};

test("its yes passes what asked for nothing else, with the very arguments", async () => {
  word = { verdict: "approve", reason: "fine" };
  const { run, question, id } = await ask();
  expect(await get(id)).toMatchObject({ status: "pending", stages: [{ machine: url }, {}] });
  expect((await verdict(id, ann)).body.detail).toBe("A validator is being asked first.");
  await api.sweep();
  expect(bodies.at(-1)).toMatchObject({
    approval_id: id,
    run_id: run,
    tool: "write",
    args: { size: 1 },
    facts: { external_domain: "a.b" },
  });
  expect(await get(id)).toMatchObject({ status: "approved", settle_reason: "fine" });
  expect((await agent.ask(run, question)).said).toBe("allow allowed");
});

test("its no goes to a person, who sees it; its yes skips no person whom another rule asks for", async () => {
  word = { verdict: "deny", reason: "smells" };
  const { id } = await ask();
  await api.sweep();
  expect(await get(id)).toMatchObject({
    status: "pending",
    stage: 1,
    votes: [{ verdict: "deny", reason: "smells" }],
  });
  expect((await verdict(id, ann)).body.status).toBe("approved");
  word = { verdict: "approve" };
  const both = await ask("mail");
  await api.sweep();
  expect(await get(both.id)).toMatchObject({ status: "pending", stage: 1 });
});

test("nonsense passes to people, and so does silence, after 5 s at most", async () => {
  word = { verdict: "perhaps" };
  const odd = await ask();
  await api.sweep();
  expect(await get(odd.id)).toMatchObject({ stage: 1, votes: [{ verdict: "abstain" }] });
  word = null;
  const silent = await ask();
  const began = performance.now();
  await api.sweep();
  expect(performance.now() - began).toBeLessThan(6_000);
  expect(await get(silent.id)).toMatchObject({ status: "pending", stage: 1, votes: [{ verdict: "abstain" }] });
});

test("a private address is not asked unless the administrator says so", async () => {
  provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false" });
  word = { verdict: "approve" };
  const before = bodies.length;
  const { id } = await ask();
  await api.sweep();
  expect(bodies.length).toBe(before);
  const moved = await get(id);
  expect([moved.stage, JSON.stringify(moved.votes)]).toEqual([1, expect.stringContaining("private address")]);
});
