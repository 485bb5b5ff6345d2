import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { exclusively } from "./install.mjs";

// `node scripts/sdk.mjs`: compiles `@interlock/agent` into sdk/dist and packs it. Types are checked elsewhere: here they are only written down.
const root = path.resolve(import.meta.dirname, "..");
const sdk = path.join(root, "sdk");
const dist = path.join(sdk, "dist");
const stamp = path.join(dist, ".built-from");

/** @returns {string[]} */
const walk = (/** @type {string} */ dir) =>
  readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => (e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)]));

function sources() {
  const hash = createHash("sha256");
  for (const file of [...walk(path.join(sdk, "src")), path.join(sdk, "package.json"), path.join(sdk, "tsconfig.json")])
    hash.update(path.relative(sdk, file)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

/** Compiles, where something has changed since. Comments stay in the types, for editors, and leave the code. */
export async function buildSdk() {
  const there = () => existsSync(stamp) && readFileSync(stamp, "utf8") === sources();
  if (there()) return;
  await exclusively("sdk", async () => {
    if (there()) return;
    const made = `${dist}.new`;
    rmSync(made, { recursive: true, force: true });
    tsc("--outDir", made, "--declaration", "false", "--removeComments");
    tsc("--outDir", made, "--emitDeclarationOnly");
    writeFileSync(path.join(made, ".built-from"), sources());
    rmSync(dist, { recursive: true, force: true });
    renameSync(made, dist);
  });
}
function tsc(/** @type {string[]} */ ...args) {
  const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const done = spawnSync(process.execPath, [compiler, "-p", sdk, "--noCheck", ...args], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`The SDK does not compile:\n${done.stdout}${done.stderr}`);
}

/** @returns the path of the tarball, as `npm install` takes it */
export async function packSdk(/** @type {string} */ into) {
  await buildSdk();
  mkdirSync(into, { recursive: true });
  const npm = process.env.npm_execpath;
  const args = ["pack", "--pack-destination", into, "--loglevel=error", "--ignore-scripts"];
  const [command, rest] = npm ? [process.execPath, [npm, ...args]] : ["npm", args];
  const done = spawnSync(command, rest, { cwd: sdk, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const name = done.stdout.trim().split("\n").at(-1);
  if (done.status !== 0 || !name) throw new Error("npm pack failed; what it said stands above.");
  return path.join(into, name);
}

/** What an `import` of an entry loads of this package, in bytes after gzip. */
export function loadedBytes(/** @type {string} */ entry) {
  /** @type {Set<string>} */
  const seen = new Set();
  const visit = (/** @type {string} */ file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, from] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*"(\.[^"]+)"/g))
      visit(path.resolve(path.dirname(file), from ?? ""));
  };
  visit(path.join(dist, entry));
  return gzipSync([...seen].map((file) => readFileSync(file, "utf8")).join("\n"), { level: 9 }).length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = await packSdk(path.join(root, "build"));
  process.stdout.write(`${path.relative(root, file)}: ${(readFileSync(file).length / 1024).toFixed(1)} KB packed; `);
  process.stdout.write(`an import of the core loads ${(loadedBytes("index.js") / 1024).toFixed(1)} KB compressed\n`);
}
