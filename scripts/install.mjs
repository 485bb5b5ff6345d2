import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { takeLock } from "./lock.mjs";

const root = path.resolve(import.meta.dirname, "..");
const stamp = path.join(root, "node_modules", ".interlock-installed");

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
/** Installs what package-lock.json names, where it has not been installed yet. */
export async function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  const there = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (there()) return;
  await exclusively("install", async () => {
    if (there()) return;
    process.stdout.write("  install    npm install\n");
    const npm = process.env.npm_execpath;
    const args = ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const [command, rest] = npm ? [process.execPath, [npm, ...args]] : ["npm", args];
    /** @type {NodeJS.ProcessEnv} */
    const env = {
      ...process.env,
      PRISMA_SKIP_POSTINSTALL_GENERATE: "1",
      PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
      NODE_ENV: "development",
    };
    const done = spawnSync(command, rest, { cwd: root, stdio: ["ignore", "ignore", "inherit"], env });
    if (done.status !== 0) throw new Error("npm install failed; what it said stands above.");
    writeFileSync(stamp, wanted);
  });
}
