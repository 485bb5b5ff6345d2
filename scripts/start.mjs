import path from "node:path";
import { pathToFileURL } from "node:url";
import { exclusively, install, installDemo } from "./install.mjs";
import { buildSdk } from "./sdk.mjs";

// `npm start`: installs and builds what is missing, then becomes the supervisor.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Interlock needs Node.js 20.19 or later; this is ${process.versions.node}.\n`);
  process.exit(1);
}
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const demo = process.argv.includes("--demo");
const dev = process.argv.includes("--dev");

try {
  await install();
  if (demo) {
    await buildSdk();
    await installDemo();
  }
  const { buildAll, buildId, bundle, generate, giveNextItsConfig, root } = await import("./build.mjs");
  process.chdir(root);
  let folder = path.join(root, "build", dev ? "dev" : buildId());
  await exclusively("build", async () => {
    if (dev) {
      generate();
      giveNextItsConfig();
      await bundle(folder);
    } else folder = await buildAll(path.basename(folder), say);
  });
  Object.assign(process.env, {
    INTERLOCK_DIST: dev ? (process.env.INTERLOCK_DIST ?? ".next") : path.relative(root, path.join(folder, "next")),
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    ...(dev ? { INTERLOCK_DEV: "true" } : {}),
    ...(demo ? { INTERLOCK_DEMO: "true" } : {}),
  });
  await import(pathToFileURL(path.join(folder, "server.mjs")).href);
} catch (err) {
  process.stderr.write(`Interlock cannot start. ${/** @type {Error} */ (err).message}\n`);
  process.exit(1);
}
