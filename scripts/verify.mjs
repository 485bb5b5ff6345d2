import { spawn } from "node:child_process";
import path from "node:path";
import { install, installSdk } from "./install.mjs";

// Format, lint, types, import rules, unit tests: seconds, no database.
await install();
await installSdk();
const { generate, root } = await import("./build.mjs");
generate();

/** @returns {Promise<{ name: string, code: number | null, said: string, ms: number }>} */
function run(/** @type {string} */ name, /** @type {string} */ file, /** @type {string[]} */ args) {
  const started = Date.now();
  const child = spawn(process.execPath, [path.join(root, "node_modules", file), ...args], {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const out of [child.stdout, child.stderr])
    out.on("data", (/** @type {Buffer} */ data) => {
      said += data.toString();
    });
  return new Promise((resolve) =>
    child.once("close", (code) => resolve({ name, code, said, ms: Date.now() - started })),
  );
}

const results = await Promise.all([
  run("format and lint", "@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]),
  run("types", "typescript/bin/tsc", ["--noEmit", "-p", "."]),
  run("import rules", "dependency-cruiser/bin/dependency-cruise.mjs", [
    "app",
    "components",
    "lib",
    "server",
    "worker",
    "sdk/src",
    "server.ts",
  ]),
  run("unit tests", "vitest/vitest.mjs", ["run", "--project", "unit", "--reporter=dot"]),
]);
for (const { name, code, said, ms } of results) {
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"}  ${name} (${(ms / 1000).toFixed(1)} s)\n`);
  if (code !== 0) process.stdout.write(`${said}\n`);
}
process.exit(results.every((r) => r.code === 0) ? 0 : 1);
