import { beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../http/tests/harness";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

test("a budget or a switch that comes while a question is made ready judges it, however soon this process hears of it", async () => {
  const { enterBook } = await import("./queue");
  const { refresh } = await import("../controls");
  const environmentId = await api.environment("production");
  const seen: { budgets: number; switches: number }[] = [];
  const said = await enterBook(environmentId, {
    wants: () => undefined,
    prepare: async ({ rules, snapshot }) => {
      const ready = { budgets: rules.budgets.length, switches: snapshot.active.length };
      if (seen.push(ready) === 1) {
        await api.put("/budgets/day", { scope: { kind: "environment" }, metric: "tool_calls", amount: 1 });
        await api.post("/switches", { scope: { kind: "agent", key: "a" }, mode: "stop", reason: "r" });
        await refresh(environmentId);
      }
      return ready;
    },
    run: (_book, ready: { budgets: number; switches: number }) => ready,
  });
  expect(seen).toEqual([
    { budgets: 0, switches: 0 },
    { budgets: 1, switches: 1 },
  ]);
  expect(said).toEqual({ budgets: 1, switches: 1 });
});
