// @ts-check
import { agents } from "./agents/index.mjs";
import { Interlock } from "./interlock.mjs";
import { startTelemetry } from "./telemetry.mjs";
import { sleep } from "./time.mjs";
import { Worker } from "./worker.mjs";

// The demo fleet: INTERLOCK_URL and INTERLOCK_KEY say where it reports to and whom it obeys.
const { INTERLOCK_URL: url = "http://127.0.0.1:3000", INTERLOCK_KEY: key } = process.env;
if (!key) {
  process.stderr.write("The demo fleet needs INTERLOCK_KEY: a key with the scopes agent and ingest.\n");
  process.exit(1);
}
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const api = new Interlock(url, key);
const telemetry = startTelemetry(api.url, key);
const workers = agents.flatMap((spec) => {
  const integration = telemetry.of(spec.agent_id, spec.version);
  return spec.workers.map((duty, i) => new Worker(api, spec, duty, `${spec.agent_id}-${i + 1}`, integration));
});
const work = Promise.all(workers.map((worker) => worker.work()));

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  api.stopped.abort(new Error("the fleet stops"));
  await Promise.race([work.then(() => telemetry.stop()), sleep(4_000)]);
  process.exit(0);
}
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
process.on("disconnect", () => void stop());

if (process.send) process.send({ ready: true, agents: agents.length, instances: workers.length });
else process.stdout.write(`  demo       ${agents.length} agents, ${workers.length} instances, reporting to ${url}\n`);
