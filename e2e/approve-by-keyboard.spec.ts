import { ask, statusOf, waitingMails } from "./gate";
import { signInAs } from "./people";
import { axe, expect, HOME, test } from "./test";

// The main job of an approver: a queue of ten before the first coffee, without touching the mouse.
test.use({ viewport: { width: 1440, height: 900 } });

test("an approver clears ten requests by keyboard alone", async ({ browser, page }) => {
  test.setTimeout(120_000);
  const asked = await waitingMails("keyboard-mailer", 10);
  await signInAs(browser, page, ["approver"]);
  await page.goto(`${HOME}/overview`);
  await expect(page.getByText("Live").first()).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(/\/approvals/);
  const queue = page.getByRole("region", { name: "Queue" });
  await expect(queue.getByRole("link", { name: /mail\.send/ })).toHaveCount(10);
  const title = page.getByRole("region", { name: "Case" }).getByRole("heading", { level: 2 }).first();
  await expect(title).toHaveText("mail.send");
  await expect(page.getByRole("button", { name: "Approve" })).toBeEnabled();
  expect(await axe(page)).toEqual([]);

  for (let left = 10; left > 0; left--) {
    await expect(page.getByText(`customer-${11 - left}@example.org`).first()).toBeVisible();
    const verdict = left === 1 ? "d" : "a";
    await page.keyboard.press(verdict);
    await expect(page.getByRole("combobox", { name: `Reason to ${left === 1 ? "deny" : "approve"}` })).toBeFocused();
    await page.keyboard.type(left === 1 ? "This one wrote to us twice" : "Addressee and text are right");
    await page.keyboard.press("Enter");
    await expect(queue.getByRole("link", { name: /mail\.send/ })).toHaveCount(left - 1);
  }
  await expect(page.getByRole("heading", { name: "Nothing waits" })).toBeVisible();

  const statuses = await Promise.all(asked.map(({ approvalId }) => statusOf(approvalId)));
  expect(statuses).toEqual([...Array(9).fill("approved"), "denied"]);
  const [first, last] = [asked[0], asked.at(-1)];
  if (!first || !last) throw new Error("nothing was asked");
  const go = await ask(first.runId, "mail.send", first.args, {
    approval_id: first.approvalId,
    intent: { reason: "Customer 1 asked where the order is", resources: [`mail:${first.args.to}`] },
  });
  expect([go.outcome, go.code]).toEqual(["allow", "allowed"]);
  const no = await ask(last.runId, "mail.send", last.args, { approval_id: last.approvalId });
  expect([no.outcome, no.code]).toEqual(["deny", "approval_denied"]);
});

test("whoever asked may not approve, and the page says so", async ({ console: page }) => {
  const [mine] = await waitingMails("own-mailer", 1);
  await page.goto(`${HOME}/approvals/${mine?.approvalId}`);
  await expect(page.getByText("Not for you.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0);
});
