import type { Page } from "@playwright/test";
import { ask, putPolicy } from "./gate";
import { api, axe, expect, HOME, openRun, put, test } from "./test";

const BOT = "filing-bot";
let runId = "";
test.beforeAll(async () => {
  await putPolicy("filing", { bindings: [{ agent_id: BOT }], tools: { allow: ["search.read", "ticket.create"] } });
  await put("/rules/filing-loop", {
    category: "runaway_loop",
    name: "Filing loop",
    sentence: `consecutive_identical_calls exceeding 3 for agent ${BOT}`,
    severity: "high",
    mode: "act",
    actions: ["notify", "open_incident"],
  });
  const run = await openRun({ agent_id: BOT, tenant_id: "acme_corp", goal: "File one ticket for the login outage" });
  runId = String(run.run_id);
  for (const [n, result] of [
    { status: "ok", result: {}, effect: { external_id: "SUP-1" } },
    { status: "timeout" },
  ].entries()) {
    const word = await ask(runId, "ticket.create", { title: "Login outage", n });
    await api.post(`/decisions/${word.decision_id}/result`, result);
  }
  const at = (n: number) => new Date(Date.now() - 10_000 + n * 500).toISOString();
  const call = (n: number) => ({
    span_id: `loop-${n}`,
    kind: "tool",
    name: "search.read",
    tool: "search.read",
    args: { q: "SUP-1" },
    result: [],
    status: "ok",
    started_at: at(n),
    ended_at: at(n + 1),
  });
  await api.post("/spans", { run_id: runId, spans: [0, 1, 2, 3, 4, 5].map(call) });
});

const choose = async (page: Page, field: string, option: RegExp | string) => {
  await page.getByRole("dialog").getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option }).first().click();
};
const next = (page: Page, name: string) =>
  page.getByRole("region", { name: /What is missing/ }).getByRole("button", { name, exact: true });
const done = (page: Page) => expect(page.getByRole("dialog")).toHaveCount(0);

// An agent loops; its rule opens an incident. A person takes the alert, leads the incident and closes it once it has taught.
test("from the alert to a closed incident that has taught", async ({ console: page }) => {
  test.setTimeout(120_000);
  await page.goto(`${HOME}/alerts?rule=filing-loop`);
  await expect(page.getByRole("heading", { name: `Filing loop, ${BOT}` })).toBeVisible({ timeout: 20_000 });
  const alert = page.getByRole("region", { name: "Alert", exact: true });
  await expect(alert.getByRole("link", { name: /^INC-\d+$/ })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Live").first()).toBeVisible();
  await page.locator("body").press("e");
  await expect(alert.getByText("acknowledged").first()).toBeVisible();
  await alert.getByRole("table", { name: "Runs it fired on" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/\/runs\/.+\?span=loop-5/);
  await expect(page.getByRole("region", { name: "Alerts on this run" }).getByText("Filing loop")).toBeVisible();

  await page.goto(`${HOME}/incidents`);
  await page.getByRole("link", { name: new RegExp(`Filing loop, ${BOT}`) }).click();
  await expect(page.getByText("9 of 9 things are missing").or(page.getByText("8 of 9 things"))).toBeVisible();
  await next(page, "Name the commander").click();
  await choose(page, "Person", /rita@example.com/);
  await page.getByRole("button", { name: "Name the commander" }).last().click();
  await done(page);

  // Every write is looked at: one is right, of the other nobody knew.
  await next(page, "Validate the next effect").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("How is ticket.create SUP-1?")).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("radio", { name: /^Right/ }).check();
  await dialog.getByLabel("What you found").fill("One ticket, in Jira");
  await dialog.getByRole("button", { name: /^Right/ }).click();
  await expect(dialog.getByText("How is ticket.create?")).toBeVisible();
  await dialog.getByRole("radio", { name: /^Not done/ }).check();
  await dialog.getByRole("button", { name: /^Not done/ }).click();
  await done(page);
  await expect(page.getByText("2 of 2 effects validated").first()).toBeVisible();

  await api.post(`/runs/${runId}/finish`, { stop_reason: "loop_detected" });
  await next(page, "Resolve it…").click();
  await dialog.getByRole("button", { name: "It is resolved" }).click();
  await done(page);
  await expect(page.getByRole("list", { name: "What happened" }).getByText("alert resolved with it")).toBeVisible();

  await next(page, "Choose the entry").click();
  await choose(page, "Entry", /Runaway loop/);
  await dialog.getByRole("button", { name: /^(Adopt and c|C)hoose it$/ }).click();
  await done(page);
  await next(page, "Compare with the prediction").click();
  await dialog.getByLabel("Impact").fill("Two tickets for one outage");
  await dialog.getByLabel("What changes").fill("The rule acts");
  await dialog.getByRole("button", { name: "Save" }).click();
  await done(page);
  await next(page, "Write the post-mortem").click();
  for (const [part, text] of [
    ["What happened", "It searched for what it had just written."],
    ["Why it could happen", "The index was behind."],
    ["What helped", "One key for each write."],
    ["What hindered", "Nobody had armed a rule."],
  ] as const)
    await dialog.getByLabel(part).fill(text);
  await dialog.getByRole("button", { name: "Save" }).click();
  await done(page);

  await next(page, "Name the policy change").click();
  await dialog.getByText("None, with a reason").click();
  await dialog.getByLabel("Why there is none").fill("The policy was right");
  await dialog.getByRole("button", { name: "Save" }).click();
  await done(page);
  await put("/rules/filing-loop", {
    category: "runaway_loop",
    name: "Filing loop",
    sentence: `consecutive_identical_calls exceeding 2 for agent ${BOT}`,
    severity: "high",
    mode: "act",
    actions: ["notify", "open_incident"],
  });
  await page.reload();
  await next(page, "Name the rule change").click();
  await choose(page, "Rule", /Filing loop/);
  await dialog.getByRole("button", { name: "Save" }).click();
  await done(page);
  await next(page, "Write the regression case").click();
  await dialog.getByLabel("Name").fill("empty-search-after-write");
  await choose(page, "What is broken", /empty_success/);
  await dialog.getByLabel("In which tool").fill("search.read");
  await choose(page, "The run must end with", /loop_detected/);
  await dialog.getByRole("button", { name: "Save" }).click();
  await done(page);
  await expect(page.getByText("fault: empty_success")).toBeVisible();

  await expect(page.getByText("Nothing is missing: this can be closed")).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await next(page, "Close the incident…").click();
  await dialog.getByRole("button", { name: "Close it" }).click();
  await done(page);
  await expect(page.getByText(/closed by/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Close…" })).toHaveCount(0);
  await page.getByRole("link", { name: "Runaway loop" }).first().click();
  await expect(page.getByText("Two tickets for one outage")).toBeVisible();
});
