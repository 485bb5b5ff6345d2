import { parseArgs } from "node:util";
import { approvals } from "./approvals.js";
import { chaos } from "./chaos.js";
import { Client } from "./client.js";
import { type Command, EXIT, Exit, type Io, type Option, type Values } from "./command.js";
import { apply, exportConfig } from "./config.js";
import { doctor } from "./doctor.js";
import { runs } from "./runs.js";
import { status } from "./status.js";
import { pause, release, safeMode, stop } from "./switches.js";
import { tail } from "./tail.js";

const COMMANDS: Record<string, Command> = {
  status,
  stop,
  pause,
  "safe-mode": safeMode,
  release,
  approvals,
  runs,
  tail,
  apply,
  export: exportConfig,
  chaos,
  doctor,
};
const COMMON: Record<string, Option> = {
  url: { type: "string", about: "where Interlock is", default: "INTERLOCK_URL" },
  key: {
    type: "string",
    about: "a key; better by the environment, where no process list shows it",
    default: "INTERLOCK_KEY",
  },
  json: { type: "boolean", about: "print JSON for programs" },
  help: { type: "boolean", short: "h", about: "this" },
};
const CODES = `Exit codes: 0 done · 1 refused, or not there · 2 wrong usage · 3 answered, and not all is as it should be · 4 nobody answers`;

function help(name?: string): string {
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    const names = [
      ...Object.entries(COMMANDS).map(([n, c]) => [n, c.about]),
      ["mcp", "A gate in front of any MCP server: interlock mcp -- <command>"],
    ];
    return [
      "interlock <command> [options]",
      "",
      ...names.map(([n, about]) => `  ${n?.padEnd(10)}  ${about}`),
      "",
      "interlock <command> --help tells its options. Address and key: INTERLOCK_URL, INTERLOCK_KEY.",
      CODES,
    ].join("\n");
  }
  const options = Object.entries({ ...command.options, ...COMMON }).map(([n, o]) => {
    const flag = `${o.short ? `-${o.short}, ` : "    "}--${n}${o.type === "string" ? " <…>" : ""}`;
    return `  ${flag.padEnd(26)}  ${o.about}${o.default ? ` (${o.default})` : ""}`;
  });
  return [
    `interlock ${command.usage}`,
    "",
    command.about,
    `Key of scope: ${command.needs}.`,
    "",
    ...options,
    "",
    CODES,
  ].join("\n");
}

function parsed(name: string, command: Command, argv: string[]): { values: Values; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON }).map(([n, { type, short, multiple }]) => [
      n,
      { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) },
    ]),
  );
  try {
    return parseArgs({ args: argv, options, allowPositionals: true }) as { values: Values; positionals: string[] };
  } catch (error) {
    throw new Exit(
      EXIT.usage,
      `${(error as Error).message}\ninterlock ${command.usage}\nMore: interlock ${name} --help`,
    );
  }
}

/** Runs one command. @returns the exit code; never throws */
export async function main(argv: string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "mcp") return (await import("./mcp.js")).mcp(rest);
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!name || !command) {
    const asked = name === undefined || name === "help" || name === "--help" || name === "-h";
    io[asked ? "out" : "err"](`${asked ? "" : `interlock knows no "${name}".\n\n`}${help(rest[0])}\n`);
    return asked ? EXIT.done : EXIT.usage;
  }
  let json = rest.includes("--json");
  try {
    const { values, positionals } = parsed(name, command, rest);
    json = values.json === true;
    if (values.help === true) {
      io.out(`${help(name)}\n`);
      return EXIT.done;
    }
    const url = String(values.url ?? io.env.INTERLOCK_URL ?? "").replace(/\/+$/, "");
    const key = String(values.key ?? io.env.INTERLOCK_KEY ?? "");
    if (!/^https?:\/\//.test(url)) throw new Exit(EXIT.usage, "Where is Interlock? Set INTERLOCK_URL, or give --url.");
    if (key === "") throw new Exit(EXIT.usage, `Give a key (${command.needs}): set INTERLOCK_KEY, or give --key.`);
    return await command.run({
      client: new Client(url, key),
      positionals,
      values,
      json,
      say: (line) => (json ? undefined : io.out(`${line}\n`)),
      give: (value) => (json ? io.out(`${JSON.stringify(value)}\n`) : undefined),
      io,
    });
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    if (json)
      io.out(`${JSON.stringify({ error: error.message, ...(error.details ? { problem: error.details } : {}) })}\n`);
    else io.err(`${error.message}\n`);
    return error.code;
  }
}
