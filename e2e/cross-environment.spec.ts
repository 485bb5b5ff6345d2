import { ADMIN } from "./server";
import { api, axe, expect, HOME, openRun, signIn, test } from "./test";

// The danger: a link to another environment's run, opened by somebody who has no role there, must tell nothing.
test("a person without a role sees neither the environment nor its runs", async ({ page }) => {
  const run = await openRun({ goal: "secret of production" });
  const me = await api.get("/runs?limit=1");
  expect(me.items).toBeTruthy();
  await signIn(page);
  const answer = await page.goto(`/somewhere-else/runs/${run.run_id}`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("Not found")).toBeVisible();
  await expect(page.getByText("secret of production")).toHaveCount(0);
  expect(await axe(page)).toEqual([]);
  await page.goto(`${HOME}/runs/${run.run_id}`);
  await expect(page.getByText("secret of production").first()).toBeVisible();
});

test("nobody who is not signed in sees anything but the sign-in page", async ({ page }) => {
  await page.goto(`${HOME}/runs?status=failed`);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("E-mail").fill("rita@example.com");
  await page.getByLabel("Password", { exact: true }).fill("not it");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText(/is not right/)).toBeVisible();
  // Whoever then signs in stands where they wanted to go.
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/runs\?status=failed/);
});
