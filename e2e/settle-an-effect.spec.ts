import { ask, putPolicy } from "./gate";
import { api, axe, expect, HOME, openRun, test } from "./test";

// A write whose answer never came: a person looks, says how it is, and nobody writes twice.
test("an unknown write is settled as done, and the next attempt is answered from the ledger", async ({
  console: page,
}) => {
  await putPolicy("ticketing", {
    bindings: [{ agent_id: "ticket-bot" }],
    tools: { allow: ["ticket.create"] },
    budgets: { max_seconds: 600 },
  });
  const run = await openRun({ agent_id: "ticket-bot", goal: "File one ticket" });
  const runId = String(run.run_id);
  const args = { title: "Login outage" };
  const first = await ask(runId, "ticket.create", args);
  await api.post(`/decisions/${first.decision_id}/result`, { status: "timeout", latency_ms: 15_000 });
  const second = await ask(runId, "ticket.create", args);
  expect([second.outcome, second.code]).toEqual(["require_approval", "effect_unknown"]);

  await page.goto(`${HOME}/runs/${runId}?tab=effects`);
  await expect(page.getByRole("table", { name: "Effects ledger" }).getByText("unknown")).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Settle…" }).click();
  await expect(page.getByText("Choose what you found")).toBeVisible();
  await page.getByRole("radio", { name: /^Done/ }).check();
  await page.getByLabel("External id").fill("SUP-4439");
  await page.getByLabel(/How do you know/).fill("Found by its title, made in that minute");
  await page.getByRole("button", { name: "Settle as done, SUP-4439" }).click();
  await expect(page.getByRole("heading", { name: "In the ledger" })).toBeVisible();
  await expect(page.getByText("SUP-4439").first()).toBeVisible();

  const third = await ask(runId, "ticket.create", args);
  expect([third.outcome, (third.replay as { external_id: string }).external_id]).toEqual(["replay", "SUP-4439"]);
});
