import { statusOf, waitingMails } from "./gate";
import { signInAs } from "./people";
import { axe, expect, HOME, test } from "./test";

// On the way home: one phone, one thumb.
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("an approver answers three requests on a phone", async ({ browser, page }) => {
  test.setTimeout(120_000);
  const asked = await waitingMails("touch-mailer", 3);
  await signInAs(browser, page, ["approver"]);
  await page.goto(`${HOME}/approvals`);
  const queue = page.getByRole("region", { name: "Queue" });
  await expect(queue.getByRole("link", { name: /touch-mailer/ })).toHaveCount(3);
  expect(await axe(page)).toEqual([]);
  await queue
    .getByRole("link", { name: /touch-mailer/ })
    .first()
    .tap();

  for (let n = 1; n <= 3; n++) {
    await expect(page.getByText(`customer-${n}@example.org`).first()).toBeVisible();
    if (n === 1) expect(await axe(page)).toEqual([]);
    const word = n === 3 ? "Deny" : "Approve";
    const button = page.getByRole("button", { name: word, exact: true });
    await expect(button).toBeInViewport();
    const box = await button.boundingBox();
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(40);
    await page.getByRole("combobox", { name: "Reason" }).tap();
    await page.getByRole("combobox", { name: "Reason" }).fill(n === 3 ? "Not before Monday" : "Read and right");
    await button.tap();
    const id = asked[n - 1]?.approvalId ?? "";
    await expect.poll(() => statusOf(id)).toBe(n === 3 ? "denied" : "approved");
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
