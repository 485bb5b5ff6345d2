import { api, axe, expect, HOME, openRun, test } from "./test";

// A shared mailbox as owner is refused, and that is part of the journey.
test.use({ refusals: /\/failures\/memory_write_amplification/ });

const CATEGORY = "memory_write_amplification";
const AGENT = `curator-${process.pid}`;

/** Runs of the past that repeat a call more or less often. */
async function past(): Promise<string> {
  const at = (s: number): string => new Date(Date.now() - 600_000 + s * 1_000).toISOString();
  let loudest = "";
  for (const calls of [1, 2, 2, 3, 9]) {
    const run = await openRun({ agent_id: AGENT, task_type: "curate" });
    loudest = String(run.run_id);
    await api.post("/spans", {
      run_id: run.run_id,
      spans: Array.from({ length: calls }, (_, n) => ({
        span_id: `c${n}`,
        kind: "tool",
        name: "memory.store",
        args: { fact: "the office is in Oslo" },
        result: "stored",
        status: "ok",
        started_at: at(n * 2),
        ended_at: at(n * 2 + 1),
      })),
    });
    await api.post(`/runs/${run.run_id}/finish`, { stop_reason: calls > 3 ? "loop_detected" : "success" });
  }
  return loudest;
}

// From a name in a list to a rule that acts: adopted, owned, written as a sentence, tried on the past, armed.
test("an entry is adopted, gets an owner, a sentence, a back-test, and is armed", async ({ console: page }) => {
  test.setTimeout(180_000);
  const loudest = await past();
  await page.goto(`${HOME}/failures?tab=catalogue`);
  await page.getByRole("button", { name: "Adopt Memory write-amplification" }).click();
  const row = page.locator(`#${CATEGORY}`);
  await row.getByRole("link", { name: "Open the entry" }).click();
  await expect(page).toHaveURL(new RegExp(`/failures/${CATEGORY}`));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Memory write-amplification");

  const begun = Number((await api.get(`/failures/${CATEGORY}`)).revision);

  await page.getByRole("button", { name: "Name an owner" }).click();
  const owner = page.getByRole("dialog");
  await owner.getByLabel("Or by e-mail address").fill("ops@example.com");
  await owner.getByRole("button", { name: "Name the owner" }).click();
  await expect(owner.getByText(/shared mailbox/).last()).toBeVisible();
  await owner.getByLabel("Or by e-mail address").fill("rita@example.com");
  await owner.getByRole("button", { name: "Name the owner" }).click();
  await expect(owner).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Entry" }).getByText("Change…").first()).toBeVisible();

  await page.getByRole("button", { name: "Another rule" }).click();
  await expect(page.getByRole("button", { name: /^Save as revision/ })).toBeDisabled();
  await page.locator("label", { hasText: /^Text$/ }).click();
  const sentence = page.getByRole("textbox", { name: "We would know from" });
  await sentence.fill(`identical_cals exceeding 2 for agent ${AGENT}`);
  await expect(page.getByText("Did you mean identical_calls?")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Save as revision/ })).toBeDisabled();
  await sentence.fill(`consecutive_identical_calls exceeding 2 within 1 hour for agent ${AGENT}`);
  await expect(page.getByText(/^Read as: consecutive_identical_calls exceeding 2/)).toBeVisible();

  await expect(page.getByText("2 runs at 2", { exact: true })).toBeVisible();
  const fired = page.getByRole("table", { name: "Runs it would have fired on" });
  await expect(fired.locator(`a[href$="/runs/${loudest}"]`)).toBeVisible();
  await page.getByRole("slider", { name: "Threshold" }).press("ArrowRight");
  await expect(page.getByText(/^1 run at /)).toBeVisible();
  await page.locator("label", { hasText: /^Sentence$/ }).click();
  await expect(page.getByRole("textbox", { name: "Threshold" })).toHaveValue("3");

  await page.getByRole("button", { name: "Act", exact: true }).click();
  await page.getByRole("button", { name: /^What happens then/ }).click();
  await page.getByRole("checkbox", { name: "stop the run" }).check();
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Save as revision/ }).click();
  await expect(page.getByText(/is saved/).first()).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`rule=${CATEGORY}`));

  const rule = await api.get(`/rules/${CATEGORY}`);
  expect(rule).toMatchObject({
    failure: CATEGORY,
    mode: "act",
    metric: "consecutive_identical_calls",
    threshold: 3,
    window_s: 3_600,
    scope: { agent_id: AGENT },
    actions: ["notify", "stop_run"],
  });
  const entry = (await api.get(`/failures/${CATEGORY}`)) as { owner: { email: string }; revision: number };
  expect([entry.owner.email, entry.revision]).toEqual(["rita@example.com", begun + 2]);
  await expect(page.getByText(/^Changed rule/).first()).toBeVisible();

  await page.getByRole("button", { name: "Disarm…" }).click();
  await page.getByRole("dialog").getByLabel("Why").fill("too early");
  await page.getByRole("button", { name: "Disarm the rule" }).click();
  await expect(page.getByText(/is disarmed/).first()).toBeVisible();
  expect((await api.get(`/rules/${CATEGORY}`)).mode).toBe("off");
});
