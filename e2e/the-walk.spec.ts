import type { Page } from "@playwright/test";
import { ask, putPolicy } from "./gate";
import { api, expect, HOME, openRun, put, test } from "./test";

const BOT = "walking-bot";
const CATEGORY = "retry_storm";
type Item = Record<string, unknown>;
const items = async (at: string): Promise<Item[]> => ((await api.get(at)) as { items: Item[] }).items;
const done = (page: Page) => expect(page.getByRole("dialog")).toHaveCount(0);
const patch = async (incident: string, body: Item): Promise<void> => {
  const answer = await fetch(`${process.env.INTERLOCK_E2E_ORIGIN}/api/v1/incidents/${incident}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${(await import("./server")).KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
};

/** Writes once, and then tries a tool that is down, again and again. */
async function misbehave(again: string): Promise<string> {
  const run = String((await openRun({ agent_id: BOT, goal: `tell the customer ${again}` })).run_id);
  const word = await ask(run, "ticket.create", { title: again });
  if (word.decision_id)
    await api.post(`/decisions/${word.decision_id}/result`, {
      status: "ok",
      result: {},
      effect: { external_id: `SUP-${again}` },
    });
  const at = (n: number) => new Date(Date.now() - 20_000 + n * 500).toISOString();
  const call = (n: number) => ({
    span_id: `${again}-${n}`,
    kind: "tool",
    name: "crm.sync",
    tool: "crm.sync",
    args: { account: 7 },
    status: "error",
    error: { message: "503 service unavailable" },
    started_at: at(n),
    ended_at: at(n + 1),
  });
  await api.post("/spans", { run_id: run, spans: Array.from({ length: 7 }, (_, n) => call(n)) });
  return run;
}

// The whole of it: named before it happens, seen when it does, held, looked at, learnt from; and not believed the second time.
test("from an adopted entry to a recurrence", async ({ console: page }) => {
  test.setTimeout(120_000);
  await putPolicy("walking", { bindings: [{ agent_id: BOT }], tools: { allow: ["crm.sync", "ticket.create"] } });

  const before = await misbehave("last-week");
  await api.post(`/runs/${before}/finish`, { stop_reason: "tool_failed" });

  // Named, owned, written as a sentence, tried, armed.
  await page.goto(`${HOME}/failures?tab=catalogue`);
  await page.getByRole("button", { name: "Adopt Retry storm" }).click();
  await page.locator(`#${CATEGORY}`).getByRole("link", { name: "Open the entry" }).click();
  await page.getByRole("button", { name: "Name an owner" }).click();
  await page.getByRole("dialog").getByLabel("Or by e-mail address").fill("rita@example.com");
  await page.getByRole("dialog").getByRole("button", { name: "Name the owner" }).click();
  await done(page);
  await page.getByRole("button", { name: "Another rule" }).click();
  await page.locator("label", { hasText: /^Text$/ }).click();
  await page
    .getByRole("textbox", { name: "We would know from" })
    .fill(`retries exceeding 4 within 10 minutes for agent ${BOT}`);
  await expect(page.getByText(/^Read as: retries exceeding 4/)).toBeVisible();
  await expect(page.getByText("1 run at 4", { exact: true })).toBeVisible();
  await page.locator("label", { hasText: /^Sentence$/ }).click();
  await page.getByRole("button", { name: "Act", exact: true }).click();
  await page.getByRole("button", { name: /^What happens then/ }).click();
  for (const action of [/safe mode/, /incident/]) await page.getByRole("checkbox", { name: action }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Save as revision/ }).click();
  await expect(page.getByText(/is saved/).first()).toBeVisible();

  // It happens: an alert, the agent in safe mode, an incident.
  const run = await misbehave("first");
  await page.goto(`${HOME}/alerts?rule=${CATEGORY}`);
  const alert = page.getByRole("region", { name: "Alert", exact: true });
  await expect(alert.getByRole("link", { name: /^INC-\d+$/ })).toBeVisible({ timeout: 30_000 });
  await expect(alert.getByText(/in safe mode; only a person takes it out/).first()).toBeVisible();
  expect(await api.get(`/control?agent_id=${BOT}`)).toMatchObject({ mode: "safe_mode" });
  const incident = String((await alert.getByRole("link", { name: /^INC-\d+$/ }).textContent()) ?? "");
  await page.goto(`${HOME}/runs/${encodeURIComponent(run)}`);
  await expect(page.getByRole("region", { name: "Alerts on this run" })).toBeVisible();

  // Looked at: the write it left behind is validated by a person.
  await page.goto(`${HOME}/incidents/${incident}`);
  const next = (name: string) =>
    page.getByRole("region", { name: /What is missing/ }).getByRole("button", { name, exact: true });
  await patch(incident, { commander: "rita@example.com" });
  await page.reload();
  await next("Validate the next effect").click();
  await page
    .getByRole("dialog")
    .getByRole("radio", { name: /^Right/ })
    .check();
  await page.getByRole("dialog").getByLabel("What you found").fill("One ticket");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Right/ })
    .click();
  await done(page);
  await expect(page.getByText("1 of 1 effects validated").first()).toBeVisible();

  // Learnt from, and closed only then.
  await api.post(`/runs/${run}/finish`, { stop_reason: "tool_failed" });
  await patch(incident, {
    status: "resolved",
    failure: CATEGORY,
    post_mortem: {
      what_happened: "The CRM was down.",
      root_cause: "Nothing stopped the retries.",
      what_helped: "Safe mode.",
      what_hindered: "Nobody was told.",
    },
    actual: {
      rule_fired: true,
      minutes_early_or_late: 0,
      cost_usd: 0.2,
      impact: "One customer waited",
      changes: "A circuit breaker",
    },
    policy_change: { none: "The policy was right" },
    rule_change: { none: "The rule did its work" },
    regression_case: { name: "crm-down", inject: "timeout", tool: "crm.sync", expect_stop_reason: "circuit_open" },
  });
  await page.reload();
  await expect(page.getByRole("status").filter({ hasText: "Nothing is missing: this can be closed" })).toBeVisible();
  await next("Close the incident…").click();
  await page.getByRole("dialog").getByRole("button", { name: "Close it" }).click();
  await done(page);
  await page.goto(`${HOME}/failures/${CATEGORY}`);
  await expect(page.getByText("One customer waited")).toBeVisible();

  // The second time with no new rule between is a recurrence.
  for (const s of await items("/switches?active=true"))
    if ((s.scope as Item).key === BOT)
      await api.post(`/switches/${String(s.switch_id)}/release`, { reason: "the CRM is back" });
  await misbehave("second");
  await expect
    .poll(
      async () =>
        (await items("/incidents?status=open,mitigated")).some(
          (i) => i.category === CATEGORY && i.recurrence_of === incident,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
  const second = (await items("/incidents?status=open,mitigated")).find((i) => i.recurrence_of === incident);
  await page.goto(`${HOME}/incidents/${String(second?.incident_id)}`);
  await expect(page.getByText("Recurrence.", { exact: true })).toBeVisible();
  await put(`/rules/${CATEGORY}`, {
    category: CATEGORY,
    failure: CATEGORY,
    sentence: `retries exceeding 4 within 10 minutes for agent ${BOT}`,
    mode: "off",
  });
});
