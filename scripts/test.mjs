import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { install, installSdk } from "./install.mjs";

// `npm test`: checks, unit, integration on a real Postgres, the browser journeys. One line at the end says it all.
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
await install();
await installSdk();
const { root } = await import("./build.mjs");
const { findChromium } = await import("./chromium.mjs");
process.chdir(root);
const results = path.join(root, ".test-results");
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
/** @returns {Promise<number>} */
const run = (/** @type {string[]} */ args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.once("close", (code) => resolve(code ?? 1));
  });

/** Reads what a runner wrote down; a runner that died before it could has failed once. */
function count(
  /** @type {string} */ file,
  /** @type {(report: any) => { passed: number, failed: number, skipped: number }} */ read,
  /** @type {number} */ code,
) {
  let seen = { passed: 0, failed: 0, skipped: 0 };
  try {
    seen = read(JSON.parse(readFileSync(path.join(results, file), "utf8")));
  } catch {
    // counted below
  }
  if (code !== 0 && seen.failed === 0) seen.failed = 1;
  total.passed += seen.passed;
  total.failed += seen.failed;
  total.skipped += seen.skipped;
}

const vitest = "node_modules/vitest/vitest.mjs";
const ofVitest = (/** @type {any} */ r) => ({
  passed: r.numPassedTests,
  failed: r.numFailedTests + r.numFailedTestSuites * (r.numFailedTests === 0 ? 1 : 0),
  skipped: r.numPendingTests,
});
const ofPlaywright = (/** @type {any} */ r) => ({
  passed: r.stats.expected + r.stats.flaky,
  failed: r.stats.unexpected,
  skipped: r.stats.skipped,
});

say("— checks");
const checks = await run(["scripts/verify.mjs"]);
total[checks === 0 ? "passed" : "failed"]++;
say("— unit and integration, on a real Postgres");
const file = path.join(results, "vitest.json");
count(
  "vitest.json",
  ofVitest,
  await run([vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]),
);
say("— browser journeys");
try {
  const chromium = await findChromium(say);
  const env = { INTERLOCK_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(results, "playwright.json") };
  count("playwright.json", ofPlaywright, await run(["node_modules/@playwright/test/cli.js", "test"], env));
} catch (err) {
  say(/** @type {Error} */ (err).message);
  total.failed++;
}
if (total.skipped > 0)
  say(
    `${total.skipped} skipped: their data is not beside this checkout, or a client was captured in one encoding only`,
  );
say(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
