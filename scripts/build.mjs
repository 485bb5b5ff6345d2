import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { packSdk } from "./sdk.mjs";

export const root = path.resolve(import.meta.dirname, "..");
const SOURCES = ["app", "components", "lib", "server", "worker", "prisma/schema", "public", "scripts", "sdk/src"];
const FILES = [
  "server.ts",
  "next.config.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "sdk/package.json",
  "examples/python/interlock.py",
];

/** @returns {string[]} */
function walk(/** @type {string} */ dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => (e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)]));
}

/** What the build is made of, as a name: the same sources are the same build, committed or not. */
export function buildId() {
  const hash = createHash("sha256").update(process.version);
  const files = [...SOURCES.flatMap((s) => walk(path.join(root, s))), ...FILES.map((f) => path.join(root, f))];
  for (const file of files) {
    if (file.endsWith(".test.ts") || !existsSync(file)) continue;
    hash.update(path.relative(root, file)).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

/** A command of a dependency; its output is shown only where it fails. */
export function tool(/** @type {string[]} */ args, env = {}) {
  const [file = "", ...rest] = args;
  const done = spawnSync(process.execPath, [path.join(root, "node_modules", file), ...rest], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return done.stdout;
  throw new Error(`${file} failed:\n${done.stdout}\n${done.stderr}`);
}

/** Prisma's client, made from the schema. The engine it would download is not needed: any executable stands in for it. */
export function generate() {
  tool(["prisma/build/index.js", "generate"], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: "1",
  });
}

/** Next.js writes into the tsconfig it is given: this one is its own, so that a build leaves the checkout as it was. */
export function giveNextItsConfig() {
  mkdirSync(path.join(root, "build"), { recursive: true });
  const file = path.join(root, "build", "tsconfig.next.json");
  const config = {
    extends: "../tsconfig.json",
    include: ["../next-env.d.ts", "../app/**/*", "../components/**/*", "../lib/**/*"],
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
}

/** The server's own files, each process one bundle; dependencies stay where npm put them. */
export async function bundle(/** @type {string} */ out) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: {
      server: "server.ts",
      worker: "worker/index.ts",
      "next-child": "server/next-child.ts",
      "ingest-thread": "server/ingest-thread.ts",
    },
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
    alias: { "@": root },
  });
}

/** What agents install from this server itself: the SDK as npm takes it, and the one file for Python. */
async function packDownloads(/** @type {string} */ into) {
  const tarball = await packSdk(into);
  renameSync(tarball, path.join(into, "agent.tgz"));
  copyFileSync(path.join(root, "examples", "python", "interlock.py"), path.join(into, "interlock.py"));
}

/** Builds into a folder of its own and renames it into place: a build is there whole or not at all. */
export async function buildAll(/** @type {string} */ id, /** @type {(line: string) => void} */ say) {
  const home = path.join(root, "build");
  const done = path.join(home, id);
  if (existsSync(path.join(done, "complete"))) return done;
  mkdirSync(home, { recursive: true });
  const draft = path.join(home, `${id}.new`);
  rmSync(draft, { recursive: true, force: true });
  say("  build      generating the database client");
  generate();
  say("  build      compiling the server and the console (about half a minute)");
  await bundle(draft);
  await packDownloads(path.join(draft, "downloads"));
  giveNextItsConfig();
  const env = {
    INTERLOCK_DIST: path.relative(root, path.join(draft, "next")),
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
  };
  tool(["next/dist/bin/next", "build"], env);
  writeFileSync(path.join(draft, "complete"), new Date().toISOString());
  rmSync(done, { recursive: true, force: true });
  renameSync(draft, done);
  keepLatest(home, id);
  return done;
}

/** The three newest builds stay: another checkout state may be running on one of them. */
function keepLatest(/** @type {string} */ home, /** @type {string} */ id) {
  const others = readdirSync(home).filter((n) => n !== id && /^[0-9a-f]{12}$/.test(n));
  others.sort((a, b) => statSync(path.join(home, b)).mtimeMs - statSync(path.join(home, a)).mtimeMs);
  for (const old of others.slice(2)) rmSync(path.join(home, old), { recursive: true, force: true });
}
