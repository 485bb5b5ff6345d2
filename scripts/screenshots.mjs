import { mkdirSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { findChromium } from "./chromium.mjs";

// Pictures for the README, from a running demo: `node scripts/screenshots.mjs <address> <e-mail> <password>`.
const [origin = "http://127.0.0.1:3000", email = "", password = ""] = process.argv.slice(2);
const { chromium } = await import("@playwright/test");
const out = path.join(root, "docs", "pictures");
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: await findChromium(() => undefined), args: ["--no-sandbox"] });
const page = await browser.newPage({
  viewport: { width: 1440, height: 900 },
  colorScheme: "light",
  reducedMotion: "reduce",
});
await page.goto(`${origin}/sign-in`);
await page.getByLabel("E-mail").fill(email);
await page.getByLabel("Password", { exact: true }).fill(password);
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.waitForURL(/\/overview/);
const home = page.url().replace(/\/overview.*/, "");
const { items } = await page.evaluate(async (slug) => {
  const answer = await fetch("/api/v1/runs?agent_id=research-agent&limit=20", {
    headers: { "interlock-environment": slug },
  });
  return answer.json();
}, new URL(home).pathname.slice(1));
const longest = items.sort((/** @type {any} */ a, /** @type {any} */ b) => b.steps - a.steps)[0];
for (const [name, at] of [
  ["overview", "/overview"],
  ["run", `/runs/${longest?.run_id ?? ""}`],
  ["controls", "/controls"],
  ["approvals", "/approvals"],
  ["budgets", "/budgets"],
  ["failures", "/failures"],
  ["alerts", "/alerts"],
]) {
  await page.goto(home + at);
  await page.getByRole("main").waitFor();
  await page.waitForLoadState("load");
  await page.waitForFunction(() => !document.querySelector("[aria-busy='true']"));
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  process.stdout.write(`docs/pictures/${name}.png\n`);
}
await browser.close();
