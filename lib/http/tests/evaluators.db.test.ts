import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { provide } from "../../platform/env";
import { type Api, type Json, startApi } from "./harness";

let api: Api;
let url = "";
let asked: Json[] = [];
let answer: () => { status: number; body: unknown };
const judge = createServer((req, res) => {
  let text = "";
  req.on("data", (d: Buffer) => {
    text += d.toString();
  });
  req.on("end", () => {
    asked.push(JSON.parse(text) as Json);
    const { status, body } = answer();
    res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
});

beforeAll(async () => {
  api = await startApi();
  provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true" });
  await new Promise<void>((resolve) => judge.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(judge.address() as AddressInfo).port}/judge`;
});
afterAll(() => new Promise((resolve) => judge.close(resolve)));

const evaluate = async () => (await import("../../evaluations")).askEvaluators();
async function ended(agent_id: string): Promise<string> {
  const { run_id } = await api.openRun({ agent_id, goal: "answer the customer" });
  await api.post("/spans", {
    run_id,
    spans: [
      {
        span_id: `${run_id}-1`,
        kind: "model",
        name: "m",
        result: "The order is on its way.",
        status: "ok",
        started_at: new Date().toISOString(),
      },
    ],
  });
  await api.post(`/runs/${run_id}/finish`, { stop_reason: "success" });
  return run_id;
}

test("a run that has ended is put to the evaluator once; its scores are evaluations, and a rule on them raises an alert", async () => {
  answer = () => ({
    status: 200,
    body: { scores: [{ name: "grounding", score: 0.2, passed: false, notes: "no source says so" }] },
  });
  expect((await api.put("/evaluators/judge", { url, agent_ids: ["judged-*"] })).status).toBe(200);
  const run_id = await ended("judged-1");
  await ended("somebody-else");
  await evaluate();
  await evaluate();
  expect(asked.map((a) => (a.run as Json).run_id)).toEqual([run_id]);
  expect(asked[0]).toMatchObject({
    evaluator: "judge",
    run: {
      goal: "answer the customer",
      stop_reason: "success",
      steps: [{ kind: "model", result_preview: "The order is on its way." }],
    },
  });
  expect((await api.get(`/evaluations?run_id=${run_id}`)).body.items).toEqual([
    expect.objectContaining({ name: "grounding", score: 0.2, evaluator: "judge", passed: false }),
  ]);
  await api.detect();
  expect((await api.get(`/alerts?run_id=${run_id}`)).body.items).toEqual([
    expect.objectContaining({ rule: "low-score", category: "wrong_answer", value: 0.2 }),
  ]);
  expect((await api.get("/evaluators/judge")).body).toMatchObject({
    scored_24h: 1,
    failed_24h: 0,
    last_error: null,
    last_asked_at: expect.any(String),
  });
});

test("an evaluator that fails is asked three times, and then it is said; it holds up nothing", async () => {
  asked = [];
  answer = () => ({ status: 500, body: {} });
  const run_id = await ended("judged-2");
  for (let n = 0; n < 5; n++) {
    await evaluate();
    await api.query("update evaluator_runs set next_at = now()");
  }
  expect(asked.filter((a) => (a.run as Json).run_id === run_id)).toHaveLength(3);
  expect((await api.get("/evaluators/judge")).body).toMatchObject({ failed_24h: 1, last_error: "it answered 500" });
  asked = [];
  answer = () => ({ status: 200, body: { scores: [{ name: "g", score: 7 }] } });
  await ended("judged-3");
  await evaluate();
  expect((await api.get("/evaluators/judge")).body.last_error).toMatch(/no list of scores/);
});

test("422: no address, a share above one, an unknown key; 404 in another environment", async () => {
  const put = async (body: Json) => {
    const said = await api.put("/evaluators/bad", body);
    return [said.status, (said.body.errors as unknown as { path: string }[])[0]?.path];
  };
  expect(await put({ url: "ftp://x" })).toEqual([422, "url"]);
  expect(await put({ url: "https://me:secret@x.example" })).toEqual([422, "url"]);
  expect(await put({ url, sample: 2 })).toEqual([422, "sample"]);
  expect(await put({ url, colour: 1 })).toEqual([422, "colour"]);
  const far = await api.key(["read", "configure"], { environment: "far" });
  expect((await api.get("/evaluators/judge", { key: far })).status).toBe(404);
  expect((await api.call("DELETE", "/evaluators/judge", {}, { key: far })).status).toBe(404);
});
