import { spawn } from "node:child_process";
import { Transform } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Options, SpawnedProcess, SpawnOptions } from "@anthropic-ai/claude-agent-sdk";

export type Line = Record<string, unknown>;
type Spawn = NonNullable<Options["spawnClaudeCodeProcess"]>;

const started =
  (stderr: Options["stderr"]): Spawn =>
  ({ command, args, cwd, env, signal }: SpawnOptions): SpawnedProcess => {
    const how = { cwd, env: env as NodeJS.ProcessEnv, signal, windowsHide: true };
    const child = spawn(command, args, { ...how, stdio: ["pipe", "pipe", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr?.(text));
    return child;
  };

const INTERRUPT = { type: "control_request", request_id: "interlock-stop", request: { subtype: "interrupt" } };

/**
 * Starts Claude Code so that each line of its stream is heard before it goes on: whoever reads the query, or does not, what
 * the model used is known. `over` is called when the stream has ended.
 */
export function listening(
  options: Pick<Options, "spawnClaudeCodeProcess" | "stderr" | "includePartialMessages">,
  heard: (line: Line) => Promise<void> | void,
  over: () => Promise<void>,
): { spawn: Spawn; interrupt: () => void; end: () => void } {
  const start = options.spawnClaudeCodeProcess ?? started(options.stderr);
  let child: SpawnedProcess | null = null;

  function through(): Transform {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    /** @returns what goes on: not the events that nobody but the gate asked for */
    const each = async (text: string): Promise<string> => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      let on = "";
      for (const line of lines) {
        const read = parsed(line);
        await Promise.resolve(heard(read)).catch(() => undefined);
        if (options.includePartialMessages || read.type !== "stream_event") on += `${line}\n`;
      }
      return on;
    };
    return new Transform({
      transform: (chunk: Buffer, _, next) => void each(decoder.write(chunk)).then((on) => next(null, on), next),
      flush: (done) => {
        const last = rest;
        void over().then(
          () => done(null, last),
          () => done(null, last),
        );
      },
    });
  }

  const spawn: Spawn = (how) => {
    const made = start(how);
    child = made;
    const stdout = through();
    made.stdout.on("error", (error) => stdout.destroy(error));
    made.stdout.pipe(stdout);
    return new Proxy(made, {
      get(target, key) {
        if (key === "stdout") return stdout;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  return {
    spawn,
    interrupt: () => {
      if (child?.stdin.writable) child.stdin.write(`${JSON.stringify(INTERRUPT)}\n`);
    },
    end: () => void child?.kill("SIGTERM"),
  };
}

function parsed(line: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Line) : {};
  } catch {
    return {};
  }
}
