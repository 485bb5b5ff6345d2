import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium for the browser journeys: Playwright's own, the system's, or one installed now. It says which. */
export async function findChromium(/** @type {(line: string) => void} */ say) {
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  const there = [own, ...SYSTEM].find((file) => file && existsSync(file));
  if (there) {
    say(`  browser    ${there}`);
    return there;
  }
  say("  browser    none found: asking Playwright for its own (npx playwright install chromium)");
  spawnSync(process.execPath, [path.join(root, "node_modules/@playwright/test/cli.js"), "install", "chromium"], {
    stdio: "ignore",
    timeout: 180_000,
  });
  if (existsSync(own)) return own;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("  browser    that is refused here: installing the system's (apt-get install chromium)");
    spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["install", "-y", "-qq", "chromium", "fonts-liberation"], { stdio: "ignore", env });
    if (existsSync("/usr/bin/chromium")) return "/usr/bin/chromium";
  }
  throw new Error(
    "There is no Chromium and none could be installed. Install one (npx playwright install chromium) and run again.",
  );
}
