import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle, generate, root } from "../scripts/build.mjs";

// Shared by the benchmarks: a server of ours, a bare one beside it, rounds in turn, ratios by round.
export const KEY = `ilk_${"b".repeat(40)}`;
export const AUTH = { authorization: `Bearer ${KEY}` };
const out = path.join(root, "build", `bench-${process.pid}`);

/** Starts Interlock without its console on an embedded database of its own. */
let started = 0;
export async function startInterlock(over = {}) {
  if (started === 0) {
    generate();
    await bundle(out);
  }
  if (process.env.PROFILE) profileIngest(path.join(out, "ingest-thread.mjs"), process.env.PROFILE);
  const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-bench-"));
  const port = 21_000 + ((process.pid + started++) % 20_000);
  const env = {
    ...process.env,
    INTERLOCK_DATA_DIR: folder,
    PORT: String(port),
    INTERLOCK_INIT_KEY: KEY,
    LOG_LEVEL: process.env.BENCH_LOG ?? "silent",
    NODE_ENV: "production",
    DATABASE_URL: "",
    ...over,
  };
  const child = spawn(process.execPath, [path.join(out, "server.mjs")], {
    cwd: root,
    env,
    stdio: process.env.BENCH_LOG ? "inherit" : "ignore",
  });
  const origin = `http://127.0.0.1:${port}`;
  for (let n = 0; n < 200; n++) {
    if (
      await fetch(`${origin}/api/ready`).then(
        (r) => r.ok,
        () => false,
      )
    )
      break;
    await new Promise((r) => setTimeout(r, 100));
  }
  const front = Number(
    spawnSync("pgrep", ["-P", String(child.pid), "-f", "server.mjs"])
      .stdout.toString()
      .split("\n")[0],
  );
  const stop = async () => {
    child.kill("SIGTERM");
    await new Promise((r) => child.once("exit", r));
    rmSync(folder, { recursive: true, force: true });
    if (--started === 0) rmSync(out, { recursive: true, force: true });
  };
  const database = async () => {
    const { database: password } = JSON.parse(readFileSync(path.join(folder, "secrets.json"), "utf8"));
    return `postgres://interlock:${password}@127.0.0.1:${readFileSync(path.join(folder, "postgres.port"), "utf8")}/interlock`;
  };
  return { origin, port, front, stop, database };
}

/** PROFILE=file: a CPU profile of the ingest thread, written when it stops. */
function profileIngest(file, target) {
  const head = `import { Session } from "node:inspector"; import { writeFileSync as __w } from "node:fs";
const __s = new Session(); __s.connect(); __s.post("Profiler.enable"); __s.post("Profiler.start");
const __exit = process.exit; process.exit = (c) => __s.post("Profiler.stop", (e, r) => { __w(${JSON.stringify(target)}, JSON.stringify(r.profile)); __exit(c); });
`;
  writeFileSync(file, head + readFileSync(file, "utf8"));
}

export async function call(origin, method, at, body) {
  const headers = { ...AUTH, "content-type": "application/json" };
  const answer = await fetch(`${origin}/api/v1${at}`, { method, headers, body: body && JSON.stringify(body) });
  return answer.json();
}

/** A bare Node server in a process of its own, written as a string so that it stays bare. */
export async function startBare(source) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const port = await new Promise((r) => child.stdout.once("data", (d) => r(Number(d.toString()))));
  return { origin: `http://127.0.0.1:${port}`, port, pid: child.pid, child, stop: () => child.kill("SIGKILL") };
}

/** wrk: requests a second and percentiles in ms. */
export function wrk(url, { connections, seconds, headers = {} }) {
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
  for (const [name, value] of Object.entries(headers)) args.push("-H", `${name}: ${value}`);
  const { stdout, error } = spawnSync("wrk", [...args, url], { encoding: "utf8" });
  if (error) throw new Error("These figures are made with wrk (Debian: apt-get install wrk).");
  const ms = (p) => {
    const [, n, unit] = new RegExp(`^\\s+${p}%\\s+([\\d.]+)(us|ms|s)`, "m").exec(stdout) ?? [];
    return Number(n) * (unit === "us" ? 0.001 : unit === "s" ? 1000 : 1);
  };
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1];
  if (bad) throw new Error(`${url}: ${bad} answers that are not 2xx or 3xx`);
  return { rps: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), p50: ms(50), p99: ms(99) };
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2
    ? sorted[(sorted.length - 1) / 2]
    : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
};
export const percentile = (values, p) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];
export const round = (n, digits = 2) => Number(n.toFixed(digits));

/** Resident memory in MiB. */
export const rss = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** Takes each measure in turn, round after round; ratios are of the same round. */
export async function rounds(count, measures) {
  const results = Object.fromEntries(Object.keys(measures).map((name) => [name, []]));
  for (let n = 0; n < count; n++)
    for (const [name, measure] of Object.entries(measures)) results[name].push(await measure());
  return results;
}
export const ratio = (a, b) => {
  const each = a.map((v, n) => v / b[n]);
  return { median: round(median(each)), min: round(Math.min(...each)), max: round(Math.max(...each)) };
};

/** Prints, and keeps beside the script what was measured and when. */
export function keep(name, result) {
  const machine = {
    cpus: os.cpus().length,
    model: os.cpus()[0]?.model,
    node: process.version,
    memory_gib: round(os.totalmem() / 2 ** 30, 0),
  };
  const text = `${JSON.stringify({ measured_on: new Date().toISOString().slice(0, 10), machine, ...result }, null, 2)}\n`;
  mkdirSync(path.join(root, "bench/results"), { recursive: true });
  writeFileSync(path.join(root, "bench/results", `${name}.json`), text);
  process.stdout.write(text);
}
