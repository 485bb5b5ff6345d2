import { loopingAgent } from "./agent";
import { api, axe, expect, HOME, test } from "./test";

// The main job: an operator finds an agent in a loop, stops it from its run page in two steps, and sees who obeyed.
test("a looping agent is stopped from its run page and confirms, with the lag", async ({ console: page }) => {
  const agent = await loopingAgent("research-agent", "research-agent-1");
  try {
    await page.goto(`${HOME}/runs`);
    await page.locator(`a[href$="/runs/${agent.runId}"]`).first().click();
    await expect(page).toHaveURL(new RegExp(agent.runId));
    await expect(page.getByText(/search\.read/).first()).toBeVisible();
    await expect(page.getByText(/×6/).first()).toBeVisible();

    await page.getByRole("button", { name: /Stop this run/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/Why|Reason/).fill("The same search over and over");
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Next…" }).click();
    await page.getByRole("button", { name: "Stop 1 run now" }).click();

    await expect(page.getByText(/confirmed/i).first()).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText("kill_switch").first()).toBeVisible();
    expect(agent.hasStopped()).toBe(true);
    const { items } = (await api.get(`/runs?agent_id=research-agent`)) as {
      items: { run_id: string; status: string }[];
    };
    expect(items.find((r) => r.run_id === agent.runId)?.status).toBe("stopped");
  } finally {
    await agent.end();
  }
});

test("the whole environment is stopped by typing its name, confirmed, and released with a reason", async ({
  console: page,
}) => {
  const agent = await loopingAgent("triage-bot", "triage-bot-1");
  try {
    await page.goto(`${HOME}/controls?mode=stop`);
    await page.getByLabel(/Why/).fill("A drill of the emergency stop");
    await page.getByRole("button", { name: /^Stop .*…/ }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: /Stop .* now/ });
    await expect(confirm).toBeDisabled();
    await dialog.getByRole("textbox").last().fill("production");
    await confirm.click();
    await expect(page).toHaveURL(/\/controls\/sw_/);
    await expect(page.getByText("STOPPED").first()).toBeVisible({ timeout: 15_000 });
    expect(agent.hasStopped()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await expect(page.getByRole("banner").getByText(/STOPP/)).toBeVisible();

    await page
      .getByRole("button", { name: /^Release/ })
      .first()
      .click();
    const release = page.getByRole("dialog");
    await release.getByRole("textbox").fill("The drill is over");
    await release
      .getByRole("button", { name: /Release/ })
      .last()
      .click();
    await expect(page.getByRole("banner").getByText("RUNNING")).toBeVisible({ timeout: 15_000 });
    const state = (await api.get("/switches?active=true")) as { items: unknown[] };
    expect(state.items).toEqual([]);
  } finally {
    await agent.end();
  }
});
