import { ask } from "./gate";
import { api, axe, expect, HOME, openRun, test } from "./test";

// A text with a mistake in it is refused by its check, and that is the point.
test.use({ refusals: /dry_run=true/ });

// From nothing to a rule that holds: a starter, a mistake that is shown at its place, a dry run, enforce.
test("a new policy from a starter is mended, tried, enforced, and obeyed by the next decision", async ({
  console: page,
}) => {
  test.setTimeout(120_000);
  const run = await openRun({ agent_id: "support-agent", goal: "Answer a customer" });
  const runId = String(run.run_id);
  const before = await ask(runId, "ticket.create", { title: "a" });
  expect([before.outcome, before.code]).toEqual(["deny", "tool_not_allowed"]);

  await page.goto(`${HOME}/policies`);
  await page.getByRole("button", { name: /New policy/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /Support agent/ }).check();
  await dialog.getByRole("textbox", { name: "Name" }).fill("helpdesk");
  await dialog.getByRole("button", { name: "Keep as a draft and open" }).click();
  await expect(page).toHaveURL(/\/policies\/helpdesk/);

  const editor = page.getByRole("textbox", { name: /Policy document helpdesk/ });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("on_stalee: stop");
  const said = page.locator(".cm-said").filter({ hasText: "Unknown key on_stalee" });
  await expect(said).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "1 error" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save…" })).toBeDisabled();
  expect(await axe(page)).toEqual([]);
  await said.getByRole("button", { name: "Change to on_stale" }).click();
  await expect(page.getByRole("status").filter({ hasText: "no error" })).toBeVisible();

  await page.getByRole("button", { name: /^Dry run/ }).click();
  await expect(page.getByText(/decisions? would differ/).first()).toBeVisible();
  await page.getByRole("button", { name: "Save…" }).click();
  const save = page.getByRole("dialog");
  await save.getByRole("radio", { name: /^Enforce/ }).check();
  await save.getByLabel("Note").fill("The help desk begins");
  expect(await axe(page)).toEqual([]);
  await save.getByRole("button", { name: "Enforce version 2" }).click();
  await expect(save).toHaveCount(0);

  const allowed = await ask(runId, "ticket.create", { title: "b" });
  expect([allowed.outcome, (allowed.policy as { id: string }).id]).toEqual(["allow", "helpdesk"]);
  const intent = { reason: "the customer asked", resources: [] };
  const asks = await ask(runId, "refund.create", { amount: 5 }, { intent });
  expect(asks.outcome).toBe("require_approval");
  const { items } = (await api.get("/policies")) as { items: { policy_id: string; enforced_version: number | null }[] };
  expect(items.find((policy) => policy.policy_id === "helpdesk")?.enforced_version).toBe(2);
});
