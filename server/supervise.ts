import cluster from "node:cluster";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keepAlive } from "../lib/controls";
import { type EmbeddedPostgres, startEmbedded } from "../lib/platform/db/embedded";
import { migrate } from "../lib/platform/db/migrate";
import { closePools } from "../lib/platform/db/pool";
import { childEnv, env, provide } from "../lib/platform/env";
import { log } from "../lib/platform/log";
import { plantStarters } from "../lib/policies";
import { bootstrap, type FirstStart } from "../lib/tenancy";
import { takeLock } from "../scripts/lock.mjs";
import { type Child, keepForked, keepFront } from "./child";
import { prepareDemo } from "./demo";
import { keepSecrets } from "./secrets";
import { VERSION } from "./version";

/** Of the 25 connections that one instance may hold: the fronts' shares, the console's and the worker's. */
const FRONT_POOL: Record<number, number> = { 1: 8, 2: 3, 3: 2 };
const beside = (file: string): string => path.join(path.dirname(fileURLToPath(import.meta.url)), file);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function lockFolder(folder: string): () => void {
  const lock = takeLock(path.join(folder, "interlock.lock"));
  if (lock) return lock.release;
  throw new Error(
    `Another Interlock runs on ${path.resolve(folder)}. Stop it, or give this one an INTERLOCK_DATA_DIR of its own.`,
  );
}

async function database(folder: string, password: string): Promise<EmbeddedPostgres | null> {
  if (env().DATABASE_URL) return null;
  say("  database   starting the embedded Postgres");
  const embedded = await startEmbedded(folder, password);
  provide({ DATABASE_URL: embedded.url });
  return embedded;
}

/** A database that dies is started again on the same port; until then every call answers 503 with Retry-After. */
function guard(
  embedded: EmbeddedPostgres,
  folder: string,
  password: string,
  isStopping: () => boolean,
): { current: () => EmbeddedPostgres } {
  let current = embedded;
  const watch = () =>
    void current.died.then(async () => {
      log.error("the embedded Postgres ended; it is started again");
      while (!isStopping()) {
        try {
          current = await startEmbedded(folder, password);
          return watch();
        } catch (err) {
          log.error({ err: String(err) }, "the embedded Postgres does not start yet");
        }
      }
    });
  watch();
  return { current: () => current };
}

function greet(port: number, first: FirstStart | null): void {
  const address = env().INTERLOCK_PUBLIC_URL ?? `http://${env().HOST === "0.0.0.0" ? "localhost" : env().HOST}:${port}`;
  say("");
  say(`  Interlock ${VERSION} is ready at ${address}`);
  if (first) {
    say("");
    say(`  environment          ${first.environment}`);
    if (first.oneTimePassword)
      say(`  one-time password    ${first.oneTimePassword}     (name the administrator at ${address}/set-up)`);
    if (first.key) say(`  agent key            ${first.key}     (shown once)`);
  }
  say("");
}

/** Agents of a package of their own: they get an address and a key, like anybody's. */
function startDemo(port: number, key: string): Child {
  const host = env().HOST === "0.0.0.0" ? "127.0.0.1" : env().HOST;
  const its = childEnv({ INTERLOCK_URL: `http://${host}:${port}`, INTERLOCK_KEY: key });
  delete its.DATABASE_URL;
  delete its.NEXTAUTH_SECRET;
  return keepForked("demo", path.resolve("demo/main.mjs"), its);
}

export async function run(): Promise<void> {
  const folder = path.resolve(env().INTERLOCK_DATA_DIR);
  const release = lockFolder(folder);
  let stopping = false;
  process.on("exit", release);
  const secrets = keepSecrets(folder);
  if (!env().NEXTAUTH_SECRET) provide({ NEXTAUTH_SECRET: secrets.session });
  const embedded = await database(folder, secrets.database);
  const guarded = embedded ? guard(embedded, folder, secrets.database, () => stopping) : null;
  const children: Child[] = [];
  let demo: Child | undefined;

  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // The fleet ends its runs by its own word, which needs somebody to say it to.
    await demo?.stop();
    await Promise.all(children.map((child) => child.stop()));
    await closePools().catch(() => undefined);
    await guarded?.current().stop();
    process.exit(code);
  };
  process.on("SIGTERM", () => void stop(0));
  process.on("SIGINT", () => void stop(0));

  try {
    const applied = await migrate(env().DATABASE_URL ?? "");
    if (applied.length > 0) say(`  database   applied ${applied.length} migration${applied.length === 1 ? "" : "s"}`);
    const init = { environment: env().INTERLOCK_INIT_ENVIRONMENT, email: env().INTERLOCK_INIT_ADMIN_EMAIL };
    const first = await bootstrap({
      ...init,
      password: env().INTERLOCK_INIT_ADMIN_PASSWORD,
      key: env().INTERLOCK_INIT_KEY,
    });
    await plantStarters();
    if (env().INTERLOCK_DEMO) await prepareDemo(secrets.demo);
    await keepAlive();
    await closePools();

    const wanted = env().INTERLOCK_WORKER;
    const socket = path.join(os.tmpdir(), `interlock-${process.pid}.sock`);
    const fronts = wanted === "only" ? 0 : env().INTERLOCK_PROCESSES;
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ exec: beside("server.mjs"), args: [] });
    for (let n = 0; n < fronts; n++)
      children.push(
        keepFront(`front ${n + 1}`, { INTERLOCK_NEXT_SOCKET: socket, INTERLOCK_POOL: String(FRONT_POOL[fronts] ?? 3) }),
      );
    if (wanted !== "off") children.push(keepForked("worker", beside("worker.mjs"), childEnv({ INTERLOCK_POOL: "2" })));
    // Without a public address the console believes the host that the front process was asked under.
    const given = env().INTERLOCK_PUBLIC_URL;
    const address: Record<string, string> = given ? { NEXTAUTH_URL: given } : { AUTH_TRUST_HOST: "true" };
    const ready = await Promise.all(children.map((child) => child.ready));
    // The agents' door is open by now; the console follows, and the door does not close where it cannot.
    if (fronts > 0) {
      const console_ = keepForked(
        "console",
        beside("next-child.mjs"),
        childEnv({ ...address, INTERLOCK_NEXT_SOCKET: socket, INTERLOCK_POOL: "4" }),
      );
      children.push(console_);
      await console_.ready.catch((err: Error) =>
        process.stderr.write(`  console    ${err.message} The API answers without it.\n`),
      );
    }
    const port = ready[0]?.port ?? env().PORT;
    if (env().INTERLOCK_DEMO && fronts > 0) {
      demo = startDemo(port, secrets.demo);
      await demo.ready;
    }
    greet(port, first);
  } catch (err) {
    process.stderr.write(`Interlock cannot start. ${(err as Error).message}\n`);
    await stop(1);
  }
}
