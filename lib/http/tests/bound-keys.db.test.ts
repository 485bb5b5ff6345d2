import { beforeAll, expect, test } from "vitest";
import { asking } from "./asking";
import { type Api, type Json, startApi } from "./harness";
import { type Person, person } from "./people";

// A key that is bound to agents or tenants sees and moves theirs alone, in every module.
let api: Api;
let agent: ReturnType<typeof asking>;
let ann: Person;
const of: Record<string, { decision: string; approval: string; effect: string; run: string }> = {};
const document = { tools: { allow: ["*"], catalog: { mail: { effect: "irreversible" } } } };
beforeAll(async () => {
  api = await startApi();
  agent = asking(api);
  ann = await person(api, "ann", ["approver"]);
  for (const [id, tenant_id] of [
    ["red-1", "acme"],
    ["blue_1", "globex"],
  ] as const) {
    const run = await agent.ruled(id, document, { tenant_id });
    const lost = await agent.call(run, { tool: "w", args: {} }, { status: "timeout" });
    const asked = await agent.ask(run, { tool: "mail", args: {} });
    of[id] = { decision: lost.decision_id, effect: lost.effect_id, approval: String(asked.approval?.id), run };
  }
});

const theirs = () => of.blue_1 as (typeof of)[string];
const ours = () => of["red-1"] as (typeof of)[string];
const bound = async (scopes: string[], column: string, patterns: string[]) => {
  const { key } = await ann.key(scopes);
  await api.query(`update agent_keys set ${column} = $1 where tail = $2`, [patterns, key?.slice(-4)]);
  return { key };
};
const bindings: [string, string[]][] = [
  ["agent_ids", ["red-*"]],
  ["agent_ids", ["red-1", "blu_*x"]],
  ["tenant_ids", ["acme"]],
];

test.each(bindings)(
  "403 to read another's decision, approval and case by a key of %s %j; its own are there",
  async (column, patterns) => {
    const key = await bound(["agent", "read"], column, patterns);
    const status = async (path: string) => (await api.get(path, key)).status;
    for (const { decision, approval, expected } of [
      { ...theirs(), expected: 403 },
      { ...ours(), expected: 200 },
    ])
      expect([
        await status(`/decisions/${decision}`),
        await status(`/approvals/${approval}`),
        await status(`/approvals/${approval}?wait_s=0`),
        await status(`/approvals/${approval}/case`),
      ]).toEqual(Array(4).fill(expected));
  },
);

test.each(bindings)("200 lists hold its own alone: %s %j", async (column, patterns) => {
  const key = await bound(["agent", "read", "approve"], column, patterns);
  const agents = async (path: string) => [
    ...new Set(((await api.get(path, key)).body.items as unknown as Json[]).map((row) => row.agent_id)),
  ];
  for (const path of ["/decisions", "/effects", "/approvals", "/approvals?mine=true"])
    expect([path, await agents(path)]).toEqual([path, ["red-1"]]);
  expect(await agents(`/decisions?run_id=${theirs().run}`)).toEqual([]);
});

test.each(bindings)(
  "403 to decide for another, to settle its writes and to grant beyond itself: %s %j",
  async (column, patterns) => {
    const key = await bound(["approve", "operate"], column, patterns);
    const post = async (path: string, body: Json) => (await api.post(path, { reason: "looked", ...body }, key)).status;
    const verdict = { verdict: "deny" };
    expect(await post(`/approvals/${theirs().approval}/verdict`, verdict)).toBe(403);
    expect(await post(`/effects/${theirs().effect}/settle`, { done: true })).toBe(403);
    const grant = { tool: "mail", expires_in_s: 600 };
    expect(await post("/grants", { ...grant, agent_id: "blue_1", tenant_id: "globex" })).toBe(403);
    expect(await post("/grants", { ...grant, agent_id: "*", tenant_id: "globex" })).toBe(403);
    expect(await post("/grants", { ...grant, agent_id: "red-1", tenant_id: "acme" })).toBe(201);
    expect((await api.get(`/approvals/${theirs().approval}`)).body.status).toBe("pending");
    const several = await api.post(
      "/approvals/verdicts",
      { approval_ids: [theirs().approval], verdict: "deny", reason: "x" },
      key,
    );
    expect(several.body).toMatchObject({ settled: 0, items: [{ ok: false, code: "forbidden" }] });
  },
);

test("200 its own it decides and settles", async () => {
  const key = await bound(["approve", "operate"], "agent_ids", ["red-*"]);
  expect(
    (await api.post(`/approvals/${ours().approval}/verdict`, { verdict: "approve", reason: "fine" }, key)).status,
  ).toBe(200);
  expect((await api.post(`/effects/${ours().effect}/settle`, { done: true, reason: "there" }, key)).status).toBe(200);
});
