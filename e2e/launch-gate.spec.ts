import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { api, axe, expect, HOME, openRun, test } from "./test";

/** What the watched page says of itself. */
let says = "staging";
let site: Server;
let url = "";
const AGENT = "gate-bot";
const TASK = "The release checklist is passed";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test.beforeAll(async () => {
  site = createServer((_, response) => response.writeHead(200, { "x-environment": says }).end("shop"));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  const { run_id } = await openRun({ agent_id: AGENT, versions: { agent: "1.4.0" }, deployment_env: "production" });
  const span = { span_id: "s", kind: "tool", name: "kb.read", started_at: new Date().toISOString() };
  await api.post("/spans", { run_id: String(run_id), spans: [span] });
});
test.afterAll(() => {
  site.closeAllConnections();
  site.close();
});
const alarms = async (state: string) =>
  ((await api.get(`/alerts?category=watching_wrong_production&state=${state}`)) as { items: { rule: string }[] }).items;

// An owner watches an address that turns out to be staging, puts it right, and answers for what is still open.
test("a target with another marker raises an alarm; the right one verifies it", async ({ console: page }) => {
  await page.goto(`${HOME}/readiness?tab=targets`);
  await page.getByRole("button", { name: "New target" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Gate shop");
  await dialog.getByLabel("Address", { exact: true }).fill(url);
  await dialog.getByLabel("Header", { exact: true }).fill("x-environment");
  await dialog.getByLabel("Must say").fill("production");
  await dialog.getByLabel("Whose spans come from it").fill(AGENT);
  await page.keyboard.press("Enter");
  await dialog.getByLabel("What its spans say of where they come from").fill("production");
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Watch it" }).click();

  const row = page.getByRole("table", { name: "Watched targets" }).getByRole("row", { name: /Gate shop/ });
  await expect(row.getByText("not production")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/Watching the wrong production: .*Gate shop/)).toBeVisible();
  await expect(page.getByText("The header x-environment says staging; production is expected.").first()).toBeVisible();
  expect(await alarms("open")).toMatchObject([{ rule: "watched-target" }]);

  says = "production";
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(row.getByText("verified", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/Watching the wrong production/)).toHaveCount(0);
  expect(await alarms("open")).toEqual([]);
  expect((await alarms("resolved")).length).toBe(1);

  await page.getByRole("button", { name: "Add one…" }).click();
  const upload = page.getByRole("dialog");
  await upload.locator("input[type=file]").setInputFiles({ name: "list.png", mimeType: "image/png", buffer: PNG });
  await upload.getByRole("button", { name: "Keep it in my name" }).click();
  await expect(page.getByRole("img", { name: /Target list beside Gate shop/ })).toBeVisible();
  expect(await axe(page)).toEqual([]);
});

test("a condition is waived by name until a day, and taken back with a reason", async ({ console: page }) => {
  await page.goto(`${HOME}/readiness`);
  await page.getByRole("link", { name: AGENT }).click();
  const gate = page.getByRole("region", { name: "Launch gate" });
  await expect(gate.getByRole("heading", { name: "Not ready" })).toBeVisible();
  await expect(gate.getByText(TASK, { exact: true })).toBeVisible();
  await expect(gate.getByText("Watched target: Gate shop")).toHaveCount(0);

  await gate.getByRole("button", { name: "Waive one…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Condition" }).click();
  await page.getByRole("option", { name: TASK }).click();
  await dialog.getByRole("button", { name: "Waive it in my name" }).click();
  await expect(dialog.getByText("Say why it may wait.")).toBeVisible();
  await dialog.getByLabel("Why").fill("The list is written next week");
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Waive it in my name" }).click();
  await expect(gate.getByText(`Waived: ${TASK}`)).toBeVisible();
  await expect(gate.getByText(/“The list is written next week”/)).toBeVisible();

  await page.getByRole("button", { name: "Take back the waiver of release_probes" }).click();
  const back = page.getByRole("dialog");
  await back.getByLabel("Why").fill("It is written now");
  await back.getByRole("button", { name: "Take it back" }).click();
  await expect(gate.getByText(TASK, { exact: true })).toBeVisible();
  await expect(page.getByText("release_probes, 1.4.0, taken back")).toBeVisible();
});
