import { type ChildProcess, fork } from "node:child_process";
import cluster, { type Worker } from "node:cluster";
import { log } from "../lib/platform/log";

export type Child = { name: string; ready: Promise<{ port?: number }>; stop: () => Promise<void> };

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const GRACE_MS = 8_000;
type Started = {
  process: ChildProcess;
  onMessage: (listener: (message: { ready?: boolean; port?: number }) => void) => void;
};

/** A process that is started again whenever it ends without having been asked to, after a growing pause. */
function keep(name: string, start: () => Started): Child {
  let current: Started;
  let stopped = false;
  let delay = FIRST_DELAY_MS;
  const ready = new Promise<{ port?: number }>((resolve, reject) => {
    const launch = () => {
      const at = Date.now();
      let wasReady = false;
      current = start();
      current.onMessage((message) => {
        if (!message.ready) return;
        wasReady = true;
        resolve(message);
      });
      current.process.once("exit", (code, signal) => {
        if (stopped) return;
        // What cannot even start the first time is said once, not tried for ever.
        if (!wasReady && code === 1 && delay > FIRST_DELAY_MS * 8)
          reject(new Error(`${name} does not start; the log says why.`));
        delay = Date.now() - at > 30_000 ? FIRST_DELAY_MS : Math.min(delay * 2, MAX_DELAY_MS);
        log.warn({ process: name, code, signal, again_in_ms: delay }, "a process ended; it is started again");
        setTimeout(() => !stopped && launch(), wasReady ? FIRST_DELAY_MS : delay);
      });
    };
    launch();
  });
  return {
    name,
    ready,
    stop: async () => {
      stopped = true;
      const { process: child } = current;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

export const keepForked = (name: string, file: string, env: NodeJS.ProcessEnv): Child =>
  keep(name, () => {
    // What a child has to say goes to the log; Next.js says more while one develops.
    const said = env.INTERLOCK_DEV === "true" ? "inherit" : "ignore";
    const child = fork(file, { env, stdio: ["ignore", said, "inherit", "ipc"] });
    return { process: child, onMessage: (listener) => child.on("message", listener) };
  });

/** Front processes share one listening socket, which lives in the supervisor: while one is replaced, callers wait, not fail. */
export const keepFront = (name: string, env: Record<string, string>): Child =>
  keep(name, () => {
    const worker: Worker = cluster.fork(env);
    return { process: worker.process, onMessage: (listener) => worker.on("message", listener) };
  });
