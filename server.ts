import cluster from "node:cluster";
import { env } from "./lib/platform/env";

/** One command: the supervisor first; it starts this file again as the front process, and the rest beside it. */
async function main(): Promise<void> {
  env();
  const role = cluster.isPrimary ? await import("./server/supervise") : await import("./server/front");
  await role.run();
}

main().catch((err: Error) => {
  process.stderr.write(`Interlock cannot start. ${err.message}\n`);
  process.exit(1);
});
