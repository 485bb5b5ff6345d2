import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { env } from "../lib/platform/env";

const require = createRequire(import.meta.url);
type NextServer = {
  prepare: () => Promise<void>;
  getRequestHandler: () => Parameters<typeof createServer>[1];
  getUpgradeHandler: () => (...args: unknown[]) => void;
};

/** Next.js on a socket of its own: the console. The agents' door does not need it. */
async function run(): Promise<void> {
  const next = require("next") as (options: object) => NextServer;
  const dev = env().INTERLOCK_DEV;
  const app = next({ dev, dir: process.cwd(), quiet: true });
  await app.prepare();
  const socketPath = env().INTERLOCK_NEXT_SOCKET ?? "";
  rmSync(socketPath, { force: true });
  const server = createServer(app.getRequestHandler());
  if (dev) server.on("upgrade", app.getUpgradeHandler());
  server.listen(socketPath, () => process.send?.({ ready: true }));
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGINT", () => undefined);
}

run().catch((err: Error) => {
  process.stderr.write(`The console cannot start. ${err.stack}\n`);
  process.exit(1);
});
