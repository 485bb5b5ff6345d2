import { api, axe, expect, HOME, openRun, test } from "./test";

const AGENT = "canary-bot";

// A new version takes a few runs, a probe fails, and somebody takes it back: from the empty page to the audit.
test("a canary is begun, its probe fails, and it is taken back to 0 %", async ({ console: page }) => {
  await page.goto(`${HOME}/evaluations?agent=${AGENT}`);
  await expect(page.getByText(`No canary of ${AGENT}`)).toBeVisible();
  await expect(page.getByText(`No golden task of ${AGENT} was run`)).toBeVisible();
  await expect(page.getByText(`No score of ${AGENT} in 30 days`)).toBeVisible();
  expect(await axe(page)).toEqual([]);

  await page.getByRole("button", { name: "New canary" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Begin the canary" }).click();
  await expect(dialog.getByText("This is required.").first()).toBeVisible();
  await dialog.getByLabel("Version that is live").fill("1.0");
  await dialog.getByLabel("Version of the canary").fill("2.0");
  await dialog.getByRole("button", { name: "Add a probe" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("sanity-check");
  await dialog.getByLabel("At most, ms").fill("2000");
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Begin the canary" }).click();
  await expect(dialog).toBeHidden();
  const table = page.getByRole("table", { name: `Canary ${AGENT}-2.0` });
  await expect(table.getByRole("row", { name: /^Success/ })).toContainText("too few to say");
  const checks = page.getByRole("table", { name: "Probes that 2.0 must pass" });
  await expect(checks.getByRole("row", { name: /sanity-check/ })).toContainText("not run");

  for (const version of ["1.0", "2.0"]) {
    const run = await openRun({ agent_id: AGENT, versions: { agent: version } });
    await api.post("/evaluations", { run_id: run.run_id, name: "grounding", score: 0.7, evaluator: "judge-2" });
    await api.post(`/runs/${run.run_id}/finish`, { stop_reason: "success" });
  }
  const probe = { agent_id: AGENT, version: "2.0", name: "sanity-check", status: "ok", latency_ms: 2_400 };
  await api.post("/probes", { ...probe, canary: `${AGENT}-2.0` });
  // The page hears of the probe by itself.
  await expect(checks.getByRole("row", { name: /sanity-check/ })).toContainText("too slow");
  await expect(checks.getByText("answered in 2400 ms, limit 2000 ms")).toBeVisible();

  await page.getByRole("button", { name: "Take back to 0 %…" }).click();
  await page.getByLabel("Why").fill("The probe is too slow");
  await page.getByRole("dialog").getByRole("button", { name: "Take back to 0 %" }).click();
  await expect(table.getByText(/^0 % planned/)).toBeVisible();
  await expect(page.getByText("“The probe is too slow”")).toBeVisible();
  const planned = await api.get(`/canaries/${AGENT}-2.0`);
  expect([planned.percent_traffic, planned.note]).toEqual([0, "The probe is too slow"]);
});
