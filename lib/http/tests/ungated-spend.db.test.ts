import { expect, test } from "vitest";
import { startApi } from "./harness";

test("200 what an ungated run used is charged to its agent after the fact, once however often its spans come", async () => {
  const api = await startApi();
  await api.put("/budgets/loose", { scope: { kind: "agent", key: "loose" }, metric: "usd", amount: 1 });
  await api.put("/budgets/calls", { scope: { kind: "tool", key: "web.fetch" }, metric: "tool_calls", amount: 5 });
  const started_at = new Date().toISOString();
  const model = {
    kind: "model",
    name: "chat",
    model: "m",
    cost_usd: 0.25,
    tokens: { input: 10, output: 5 },
    started_at,
  };
  const spans = [
    { span_id: "m1", ...model },
    { span_id: "m2", ...model },
    { span_id: "t1", kind: "tool", name: "web.fetch", tool: "web.fetch", started_at },
  ];
  const send = () => api.post("/spans", { run_id: "loose-run", agent_id: "loose", spans });
  expect((await send()).status).toBe(200);
  await send();
  expect((await api.get("/budgets/loose")).body.usage).toEqual({ spent: 0.5, held: 0, unsettled: 0 });
  expect((await api.get("/budgets/calls")).body.usage).toEqual({ spent: 1, held: 0, unsettled: 0 });
});
