import { expect, test } from "@playwright/test";
import { start } from "./server";
import { axe } from "./test";

// A newcomer: the terminal's one-time password, the administrator, a key, and the first span turning the page green.
test("from the first start to the first span", async ({ page }) => {
  test.setTimeout(180_000);
  const server = await start({ PORT: "0" });
  try {
    const password = /one-time password\s+(\S+)/.exec(server.said())?.[1] ?? "";
    const key = /agent key\s+(ilk_\S+)/.exec(server.said())?.[1] ?? "";
    expect(password).not.toBe("");
    await page.goto(server.origin);
    await expect(page).toHaveURL(/\/set-up/);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel(/One-time password/).fill(password);
    await page.getByLabel("Your name").fill("Rita Okafor");
    await page.getByLabel("Your e-mail").fill("rita@example.com");
    await page.getByRole("textbox", { name: "A password of your own" }).fill("correct horse battery");
    await page.getByRole("textbox", { name: "The same again" }).fill("correct horse battery");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("support-eu");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await expect(page).toHaveURL(/\/production-support-eu\/connect/, { timeout: 20_000 });
    expect(await axe(page)).toEqual([]);

    const sent = await fetch(`${server.origin}/api/v1/spans`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        run_id: "first-run",
        agent_id: "hello-agent",
        spans: [{ span_id: "1", kind: "tool", name: "kb.read", status: "ok", started_at: new Date().toISOString() }],
      }),
    });
    expect(sent.status).toBe(200);
    await expect(page.getByRole("status").filter({ hasText: /connected/i })).toBeVisible({ timeout: 20_000 });
    expect(await axe(page)).toEqual([]);

    await page.goto(`${server.origin}/set-up`);
    await expect(page).not.toHaveURL(/\/set-up/);
  } finally {
    await server.stop();
  }
});
