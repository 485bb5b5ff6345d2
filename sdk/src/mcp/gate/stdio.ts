import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { Session, type SessionOptions } from "../session.js";
import { Batches, lines, read } from "./lines.js";
import type { Link } from "./link.js";

export type StdioGate = {
  command: string[];
  /** Of the server: without the agent's key. */
  env: NodeJS.ProcessEnv;
  link: Link;
  session: Omit<SessionOptions, "run">;
  stdin: Readable;
  stdout: Writable;
  /** For people: a client shows it in its log. */
  log: (line: string) => void;
};
const LEAVE_MS = 1_500;
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
type Ended =
  | { by: "client" }
  | { by: "signal"; signal: (typeof SIGNALS)[number] }
  | { by: "server"; code: number }
  | { by: "gate"; why: string };

/** Starts the server and stands before it until the client leaves, the server dies, or a signal comes. @returns the exit code */
export async function stdioGate(gate: StdioGate): Promise<number> {
  const [file = "", ...args] = gate.command;
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"], env: gate.env });
  child.once("error", (error) => gate.log(`The server could not be started: ${error.message}`));
  const died = exitOf(child);
  const batches = new Batches((out) => void gate.stdout.write(`${JSON.stringify(out)}\n`));
  const session = new Session(
    {
      toClient: (m) => batches.send(m),
      toServer: (m) => void child.stdin?.write(`${JSON.stringify(m)}\n`),
    },
    { ...gate.session, outlives: true, run: gate.link.run },
  );
  child.stdin?.on("error", () => {});
  gate.stdout.on("error", () => {});
  const signalled = heard();
  const ended: Ended = await Promise.race([
    fromClient(gate, session, batches),
    died.then((code) => ({ by: "server" as const, code })),
    fromServer(gate, session, child).then((why) => died.then((code): Ended => why ?? { by: "server", code })),
    signalled.came,
  ]);
  signalled.off();
  session.close(new Error("The session is over."));
  const [code] = await Promise.all([exitCode(ended, child, died), finish(gate, ended, session)]);
  return code;
}

async function fromClient(gate: StdioGate, session: Session, batches: Batches): Promise<Ended> {
  try {
    for await (const line of lines(gate.stdin)) {
      const come = read(line);
      if (come.batch) batches.begin(come);
      else for (const wrong of come.wrong) batches.send(wrong);
      for (const message of come.messages) {
        if (message.method === "notifications/cancelled") batches.drop(message.params?.requestId);
        await session.fromClient(message);
      }
    }
    return { by: "client" };
  } catch (error) {
    return { by: "gate", why: String(error) };
  }
}

async function fromServer(gate: StdioGate, session: Session, child: ChildProcess): Promise<Ended | null> {
  if (!child.stdout) return null;
  try {
    for await (const line of lines(child.stdout)) {
      const { messages, wrong } = read(line);
      if (wrong.length > 0) gate.log(`The server wrote what is no message: ${line.slice(0, 200)}`);
      // A list that waits for its run must not hold up what comes behind it.
      for (const message of messages)
        void session.fromServer(message).catch((error: unknown) => gate.log(String(error)));
    }
    return null;
  } catch (error) {
    return { by: "gate", why: String(error) };
  }
}

function finish({ link, log }: StdioGate, ended: Ended, { exhausted }: Session): Promise<void> {
  switch (ended.by) {
    case "client":
      return exhausted ? link.finish(exhausted.stopReason, exhausted) : link.finish("success");
    case "signal":
      return link.finish("cancelled");
    case "server":
      log(`The server is gone: it exited with ${ended.code}.`);
      return link.finish("internal_error", new Error(`The MCP server exited with ${ended.code}.`));
    case "gate":
      log(ended.why);
      return link.finish("internal_error", new Error(ended.why));
  }
}

async function exitCode(ended: Ended, child: ChildProcess, died: Promise<number>): Promise<number> {
  if (ended.by === "server") return ended.code;
  child.stdin?.end();
  if (ended.by !== "client") child.kill("SIGTERM");
  const gone = async (within: number) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), within);
    });
    const left = await Promise.race([died.then(() => true), late]);
    clearTimeout(timer);
    return left;
  };
  if (!(await gone(LEAVE_MS))) child.kill("SIGTERM");
  if (!(await gone(LEAVE_MS))) child.kill("SIGKILL");
  if (ended.by === "signal") return 128 + constants.signals[ended.signal];
  return ended.by === "client" ? 0 : 1;
}

/** @returns its exit code; 127 where it could not be started, 128 and more for a signal */
const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });

function heard(): { came: Promise<Ended>; off: () => void } {
  const listeners: (() => void)[] = [];
  const came = new Promise<Ended>((resolve) => {
    for (const signal of SIGNALS) {
      const listener = () => resolve({ by: "signal", signal });
      process.on(signal, listener);
      listeners.push(() => process.off(signal, listener));
    }
  });
  return { came, off: () => void listeners.map((off) => off()) };
}
