import { parseArgs } from "node:util";
import { Api } from "../api.js";
import { connect, InterlockError } from "../index.js";
import { httpGate } from "../mcp/gate/http.js";
import { Link } from "../mcp/gate/link.js";
import { policyOf } from "../mcp/gate/policy.js";
import { stdioGate } from "../mcp/gate/stdio.js";
import type { SessionOptions } from "../mcp/session.js";
import { MAX_RESULT_BYTES, type McpOptions } from "../mcp/tools.js";
import { settingsOf } from "../options.js";
import type { Effect } from "../wire.js";
import { EXIT, Exit } from "./command.js";

const USAGE = `interlock mcp [options] -- <command> [arguments]      a gate on stdin and stdout, before a server that it starts
interlock mcp [options] --listen <host:port> --url <upstream>   a gate before a server of streamable HTTP

  --agent <id>             who acts, as policies name it (INTERLOCK_AGENT_ID)
  --task-type <type>       what its runs are for (mcp)
  --tenant <id>            on whose behalf
  --connector <name>       as policies name the server (the server's own name)
  --effect <tool>=<effect> what a tool does: read, write or irreversible; may be given often (write)
  --trust-annotations      let readOnlyHint make a tool a read
  --approval <how>         where a person is asked: wait, return or native (wait)
  --max-result <bytes>     the most that an answer may have (${MAX_RESULT_BYTES})
  --patience <seconds>     how long a call waits for an Interlock that does not answer (20)
  --listen <host:port>     loopback only, but with --any-host
  --url <url>              the server to stand before
  --any-host               listen on other addresses than loopback too
  --allow-origin <origin>  a web page that may call it; may be given often

Address and key: INTERLOCK_URL, INTERLOCK_KEY (scope agent; with read, policy decides what is listed).`;

const OPTIONS = {
  agent: { type: "string" },
  "task-type": { type: "string" },
  tenant: { type: "string" },
  connector: { type: "string" },
  effect: { type: "string", multiple: true },
  "trust-annotations": { type: "boolean" },
  approval: { type: "string" },
  "max-result": { type: "string" },
  patience: { type: "string" },
  listen: { type: "string" },
  url: { type: "string" },
  "any-host": { type: "boolean" },
  "allow-origin": { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;
/** A client of MCP gives up after a minute: it should hear why before that. */
const PATIENCE_S = 20;
const EFFECTS: readonly Effect[] = ["read", "write", "irreversible"];
const APPROVALS = ["wait", "return", "native"] as const;

/** `interlock mcp`: a gate before a server of MCP. @returns the exit code; never throws */
export async function mcp(argv: string[]): Promise<number> {
  try {
    return await begin(argv);
  } catch (error) {
    if (!(error instanceof Exit) && !(error instanceof InterlockError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof Exit ? error.code : EXIT.usage;
  }
}

async function begin(argv: string[]): Promise<number> {
  const at = argv.indexOf("--");
  const command = at < 0 ? [] : argv.slice(at + 1);
  const values = parsed(at < 0 ? argv : argv.slice(0, at));
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.done;
  }
  const { env } = process;
  const agentId = values.agent ?? env.INTERLOCK_AGENT_ID;
  if (!agentId) throw usage("Who acts? Give --agent, or set INTERLOCK_AGENT_ID.");
  if (command.length > 0 === (values.listen !== undefined))
    throw usage("Give a command behind --, or --listen with --url.");
  const about = { taskType: values["task-type"] ?? "mcp", ...(values.tenant ? { tenantId: values.tenant } : {}) };
  const log = (line: string) => void process.stderr.write(`interlock: ${line}\n`);
  const options = {
    agentId,
    ...about,
    patienceMs: Math.max(0, Number(values.patience ?? PATIENCE_S)) * 1000 || 0,
    onEvent: (event: { kind: string; message: string }) => log(`${event.kind}: ${event.message}`),
  };
  const interlock = connect(options);
  const session: Omit<SessionOptions, "run"> = {
    ...sessionOf(values),
    policy: policyOf(new Api(settingsOf(options)), about),
  };
  const link = () => new Link(interlock, about);
  try {
    if (values.listen !== undefined)
      return await httpGate({
        listen: values.listen,
        url: values.url ?? "",
        anyHost: values["any-host"] ?? false,
        origins: values["allow-origin"] ?? [],
        link,
        session,
        log,
      });
    const { INTERLOCK_KEY: _, ...rest } = env;
    return await stdioGate({
      command,
      env: rest,
      link: link(),
      session,
      log,
      stdin: process.stdin,
      stdout: process.stdout,
    });
  } finally {
    await interlock.close({ graceMs: 0 });
    // Nothing more is read, and an open stdin must not keep the process.
    process.stdin.destroy();
  }
}

function sessionOf(values: ReturnType<typeof parsed>): Omit<SessionOptions, "run"> {
  const { approval } = values;
  if (approval !== undefined && !APPROVALS.some((one) => one === approval))
    throw usage(`--approval is one of ${APPROVALS.join(", ")}.`);
  const maxResultBytes = values["max-result"] === undefined ? MAX_RESULT_BYTES : Number(values["max-result"]);
  if (!(maxResultBytes > 0)) throw usage("--max-result is a number of bytes.");
  return {
    tools: Object.fromEntries((values.effect ?? []).map(effectOf)),
    approval: approval as McpOptions["approval"],
    maxResultBytes,
    trustAnnotations: values["trust-annotations"] ?? false,
    ...(values.connector ? { connector: values.connector } : {}),
  };
}

function effectOf(said: string): [string, { effect: Effect }] {
  const at = said.lastIndexOf("=");
  const effect = EFFECTS.find((one) => one === said.slice(at + 1));
  if (at < 1 || effect === undefined) throw usage(`--effect ${said}: say <tool>=read, write or irreversible.`);
  return [said.slice(0, at), { effect }];
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}
const usage = (why: string) => new Exit(EXIT.usage, `${why}\n\n${USAGE}`);
