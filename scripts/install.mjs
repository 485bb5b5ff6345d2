import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { takeLock } from "./lock.mjs";

const root = path.resolve(import.meta.dirname, "..");
/** Waits for whoever installs or builds in this checkout, then does it, or finds it done. */
export async function exclusively(/** @type {string} */ name, /** @type {() => Promise<void>} */ work) {
  const file = path.join(root, "build", `${name}.lock`);
  for (let waited = 0; waited < 900; waited++) {
    const lock = takeLock(file);
    if (lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (waited === 0) process.stdout.write(`  ${name}   another process is at it; waiting\n`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`${name} has been locked for a quarter of an hour: ${file}`);
}

// Not `npm ci`: a registry may lack packages for other platforms, and then refuses a lock file without them.
/** Installs what a lock file names, where it has not been installed yet. */
async function installIn(/** @type {string} */ folder, /** @type {string} */ name) {
  const wanted = createHash("sha256")
    .update(readFileSync(path.join(folder, "package-lock.json")))
    .digest("hex");
  const stamp = path.join(folder, "node_modules", ".interlock-installed");
  const there = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (there()) return;
  await exclusively(name, async () => {
    if (there()) return;
    process.stdout.write(`  ${name}    npm install\n`);
    const npm = process.env.npm_execpath;
    const args = ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const [command, rest] = npm ? [process.execPath, [npm, ...args]] : ["npm", args];
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1", NODE_ENV: "development" };
    for (const key of Object.keys(env)) if (/^npm_(config_local_prefix|package_)/.test(key)) delete env[key];
    const done = spawnSync(command, rest, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env });
    if (done.status !== 0) throw new Error("npm install failed; what it said stands above.");
    writeFileSync(stamp, wanted);
  });
}

export const install = () => installIn(root, "install");
/** The frameworks that the SDK's adapters are tried on: only the suites need them. */
export const installSdk = () => installIn(path.join(root, "sdk"), "sdk    ");
/** The demo fleet's own packages: the product's stay few. */
export const installDemo = () => installIn(path.join(root, "demo"), "demo   ");
