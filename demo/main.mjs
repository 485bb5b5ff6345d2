// @ts-check
import { setMaxListeners } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { agents } from "./agents/index.mjs";
import { startTelemetry } from "./telemetry.mjs";
import { Worker } from "./worker.mjs";

// The demo fleet: INTERLOCK_URL and INTERLOCK_KEY say where it reports to and whom it obeys.
const { INTERLOCK_URL: url = "http://127.0.0.1:3000", INTERLOCK_KEY: key, INTERLOCK_DATA_DIR } = process.env;
if (!key) {
  process.stderr.write("The demo fleet needs INTERLOCK_KEY: a key with the scopes agent and ingest.\n");
  process.exit(1);
}
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const stop = new AbortController();
setMaxListeners(0, stop.signal);
const folder = path.resolve(INTERLOCK_DATA_DIR ?? ".interlock", "demo");
const telemetry = startTelemetry(url, key);
const workers = agents.flatMap((spec) => {
  const own = spec.spans === "opentelemetry" ? telemetry.of(spec.agent_id, spec.version) : null;
  const its = { url, key, folder, stopped: stop.signal, telemetry: own };
  return spec.workers.map((_, instance) => new Worker(spec, instance, its));
});
const work = Promise.all(workers.map((worker) => worker.work()));

async function end() {
  if (stop.signal.aborted) return;
  stop.abort(new Error("the fleet stops"));
  const ended = Promise.all(workers.map((worker) => worker.close())).then(() => work);
  await Promise.race([ended.then(() => telemetry.stop()), sleep(4_000)]);
  process.exit(0);
}
process.on("SIGTERM", () => void end());
process.on("SIGINT", () => void end());
process.on("disconnect", () => void end());

if (process.send) process.send({ ready: true, agents: agents.length, instances: workers.length });
else process.stdout.write(`  demo       ${agents.length} agents, ${workers.length} instances, reporting to ${url}\n`);
