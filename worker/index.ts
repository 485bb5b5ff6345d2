import PgBoss from "pg-boss";
import { follow } from "../lib/controls";
import { watchRuns } from "../lib/detectors";
import { closePools } from "../lib/platform/db/pool";
import { env } from "../lib/platform/env";
import { log } from "../lib/platform/log";
import { JOBS } from "./jobs";

/** Each job runs once in the whole installation: its next run is a row in the queue, made when the last one ends. */
async function run(): Promise<void> {
  // Jobs judge by the switches and policies of now, as the front does.
  const following = follow();
  const boss = new PgBoss({ connectionString: env().DATABASE_URL ?? "", max: 2, application_name: "interlock-worker" });
  boss.on("error", (err) => log.warn({ err: err.message }, "the job queue"));
  await boss.start();
  for (const { job, everyS, verb } of JOBS) {
    await boss.createQueue(job, {
      name: job,
      policy: "short",
      retryLimit: 0,
      expireInSeconds: Math.max(60, everyS * 4),
    });
    const again = (startAfter: number) => boss.send(job, {}, { startAfter, singletonKey: job });
    await boss.work(job, { pollingIntervalSeconds: Math.max(0.5, Math.min(2, everyS / 2)) }, async () => {
      try {
        await verb();
      } catch (err) {
        log.warn({ job, err: String(err) }, "a job failed; it runs again");
      } finally {
        await again(everyS);
      }
    });
    await again(0);
  }
  const watching = watchRuns();
  process.send?.({ ready: true });

  const stop = async () => {
    await watching.stop();
    await following.stop();
    await boss.stop({ graceful: true, timeout: 3_000, close: true }).catch(() => undefined);
    await closePools();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
}

run().catch((err: Error) => {
  log.error({ err: err.stack }, "the worker cannot start");
  process.exit(1);
});
