import { beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "./harness";

let api: Api;
const YAML = { headers: { "content-type": "application/yaml" } };
beforeAll(async () => {
  api = await startApi();
});
const exported = async (key?: string): Promise<string> => {
  const answer = await fetch(`${api.origin}/api/v1/export`, {
    headers: { authorization: `Bearer ${key ?? api.rootKey}` },
  });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/yaml"]);
  return answer.text();
};

const POLICY = `# why: incident 31
policy_id: triage
state: observe
bindings:
  - agent_id: triage-bot # only this one
tools:
  allow: [search.read, ticket.create]
budgets: { max_usd: 0.6 }
`;

test("200 the export of an environment, imported into another, exports the same bytes", async () => {
  expect((await api.call("PUT", "/policies/triage", POLICY, YAML)).status).toBe(200);
  expect(
    (await api.put("/policies/json-one", { bindings: [{ tenant_id: "acme" }], capabilities: ["read:x"] })).status,
  ).toBe(200);
  expect((await api.put("/policies/old", { state: "retired", capabilities: [] })).status).toBe(200);
  await api.put("/budgets/day", {
    scope: { kind: "environment" },
    metric: "usd",
    amount: 12.345678,
    soft: { at: 0.8, then: "safe_mode" },
    note: "per day",
  });
  await api.put("/budgets/errors", {
    scope: { kind: "task_type", key: "triage" },
    metric: "error_rate",
    amount: 0.03,
    window: "month",
    hard: false,
  });
  await api.put("/prices/our-model", { input_usd: 1.5, output_usd: 2.25 });
  await api.put("/control/settings", { ttl_s: 77, safe_mode_tools: ["kb.read"] });
  const text = await exported();
  expect(text).toContain("# only this one");

  const far = await api.key(["configure", "read"], { environment: "far" });
  const { plantStarters } = await import("../../policies");
  await plantStarters();
  const tried = await api.call("POST", "/import?dry_run=true", text, { ...YAML, key: far });
  expect([tried.status, tried.body.changes]).toEqual([
    200,
    expect.arrayContaining([{ kind: "policy", id: "triage", change: "added" }]),
  ]);
  expect((await exported(far)).includes("triage")).toBe(false);
  const done = await api.call("POST", "/import", text, { ...YAML, key: far });
  expect([done.status, done.body.changes]).toEqual([200, tried.body.changes]);
  expect(await exported(far)).toBe(text);
  const again = await api.call("POST", "/import", text, { ...YAML, key: far });
  expect(again.body.changes).toEqual([]);
});

test("422 a mistake anywhere keeps all of it out, and names its path", async () => {
  const before = await exported();
  const text =
    "interlock: 1\nbudgets: {fine: {scope: {kind: environment}, metric: usd, amount: 1}}\npolicies: {bad: {tools: {alow: [x]}}}\n";
  const answer = await api.call("POST", "/import", text, YAML);
  expect([answer.status, answer.body.errors]).toEqual([
    422,
    [{ path: "policies.bad.tools.alow", message: "Unknown key. Did you mean allow?" }],
  ]);
  expect(await exported()).toBe(before);
  expect((await api.call("POST", "/import", "interlock: 2\n", YAML)).status).toBe(422);
});
test("400 what is no YAML, 415 what does not say so, 403 a key that may not configure", async () => {
  expect((await api.call("POST", "/import", "a: [", YAML)).status).toBe(400);
  expect((await api.call("POST", "/import", "a: 1", { headers: { "content-type": "text/plain" } })).status).toBe(415);
  expect((await api.call("POST", "/import", "interlock: 1\n", { ...YAML, key: await api.key(["agent"]) })).status).toBe(
    403,
  );
});
