import type { Browser, Page } from "@playwright/test";
import { expect, HOME, origin, signIn } from "./test";

type Answer = { status: number; body: Record<string, unknown> };

/** A write as the console sends it: with the session of the page, from its own origin. */
export const asPerson = (page: Page, path: string, body: unknown): Promise<Answer> =>
  page.evaluate(
    async ([at, text, environment]) => {
      const answer = await fetch(`/api/v1${at}`, {
        method: "POST",
        headers: { "content-type": "application/json", "interlock-environment": environment },
        body: text,
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    [path, JSON.stringify(body), HOME.slice(1)] as const,
  );

let n = 0;
/** Invites somebody with these roles and signs them in on `page`: whoever asks by the administrator's key may not approve. */
export async function signInAs(browser: Browser, page: Page, roles: string[]): Promise<void> {
  const email = `person-${process.pid}-${Date.now()}-${n++}@example.com`;
  const context = await browser.newContext({ baseURL: origin() });
  const admin = await context.newPage();
  await signIn(admin);
  const invited = await asPerson(admin, "/people", { email, name: "Ana Lindqvist", roles });
  expect(invited.status).toBe(201);
  await context.close();

  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(String(invited.body.one_time_password));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/password/);
  const password = "a horse of another colour";
  await page.getByRole("textbox", { name: "One-time password" }).fill(String(invited.body.one_time_password));
  await page.getByRole("textbox", { name: "New password", exact: true }).fill(password);
  await page.getByRole("textbox", { name: "New password again" }).fill(password);
  await page.getByRole("button", { name: "Choose password" }).click();
  await page.waitForURL(/\/overview/);
}
