import { ask, putPolicy } from "./gate";
import { api, axe, expect, HOME, openRun, test } from "./test";

// "Why did my agent stop?": from the refusal on the run to the line of the policy that says so.
test("a denied call leads to its explanation, and that to the rule", async ({ console: page }) => {
  await putPolicy("no-payments", {
    description: "Reads, and pays nobody.",
    bindings: [{ agent_id: "payment-bot" }],
    tools: { allow: ["search.read"], deny: ["db.*", "payment.*"] },
    budgets: { max_seconds: 600 },
  });
  const run = await openRun({ agent_id: "payment-bot", goal: "Pay the invoice of ACME" });
  const runId = String(run.run_id);
  const read = await ask(runId, "search.read", { q: "ACME" });
  await api.post(`/decisions/${read.decision_id}/result`, { status: "ok", latency_ms: 40, result: { hits: 1 } });
  const no = await ask(runId, "payment.send", { to: "ACME", amount: 900 });
  expect([no.outcome, no.code]).toEqual(["deny", "tool_denied"]);
  await api.post(`/runs/${runId}/finish`, { stop_reason: "tool_denied", error: { message: String(no.message) } });

  await page.goto(`${HOME}/runs/${runId}`);
  await page.getByRole("button", { name: /^Decisions/ }).click();
  await expect(page).toHaveURL(/tab=decisions/);
  const table = page.getByRole("table", { name: "Decisions" });
  await expect(table.getByText("payment.send")).toBeVisible();
  await table.getByText("search.read").click();
  await expect(page.getByRole("heading", { name: "Why this was allowed" })).toBeVisible();
  await table.getByText("payment.send").click();
  await expect(page).toHaveURL(new RegExp(`decision=${no.decision_id}`));
  const why = page.getByRole("region", { name: /Why this was denied/ });
  await expect(why.getByText("payment.send is denied.")).toBeVisible();
  await expect(why.getByText("tools.deny[1]")).toBeVisible();
  expect(await axe(page)).toEqual([]);

  await why.getByRole("button", { name: /Try again/ }).click();
  await expect(why.getByText("payment.send is denied.")).toHaveCount(2);
  await why
    .getByRole("link", { name: /no-payments version 1/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/policies\/no-payments\?.*rule=tools\.deny/);
  await expect(page.getByText("payment.*").first()).toBeVisible();
});

test("an address with a decision opens at its explanation, and the list can be narrowed to what was refused", async ({
  console: page,
}) => {
  const run = await openRun({ agent_id: "payment-bot" });
  const runId = String(run.run_id);
  await ask(runId, "search.read", { q: "one" });
  const no = await ask(runId, "payment.send", { to: "ACME", amount: 1 });
  await page.goto(`${HOME}/runs/${runId}?tab=decisions&decision=${no.decision_id}`);
  await expect(page.getByRole("heading", { name: "Why this was denied" })).toBeVisible();
  await page.getByText("Not allowed", { exact: true }).first().click();
  const table = page.getByRole("table", { name: "Decisions" });
  await expect(table.getByText("search.read")).toHaveCount(0);
  await expect(table.getByText("payment.send")).toBeVisible();
});
