import { accessSync, constants, mkdirSync, readdirSync } from "node:fs";
import { events } from "../control/sse.js";
import { settingsOf } from "../options.js";
import { type Call, type Command, EXIT, text } from "./command.js";
import { table } from "./print.js";

type Finding = { check: string; ok: boolean; says: string };
const STREAM_MS = 8_000;
const SKEW_S = 5;

/** Is everything there that an agent needs? Each check says what to do where it fails. */
export const doctor: Command = {
  usage: "doctor [--agent <id>]",
  about: "Address, key, clock, stream, spool: what an agent needs. Exits with 3 where something is wrong.",
  needs: "agent",
  options: { agent: { type: "string", about: "as whom to ask", default: "doctor" } },
  run: async (call) => {
    const agentId = text(call.values, "agent") ?? "doctor";
    const checks: [string, () => Promise<string> | string][] = [
      ["node", node],
      ["address", () => address(call)],
      ["key", () => key(call, agentId)],
      ["clock", () => clock(call)],
      ["stream", () => stream(call, agentId)],
      ["spool", () => spool(call, agentId)],
    ];
    const found: Finding[] = [];
    for (const [check, look] of checks)
      try {
        found.push({ check, ok: true, says: await look() });
      } catch (error) {
        found.push({ check, ok: false, says: (error as Error).message });
      }
    call.give({ checks: found });
    call.say(
      table(
        ["check", "", "what was found"],
        found.map((f) => [f.check, f.ok ? "ok" : "WRONG", f.says]),
      ),
    );
    return found.every((f) => f.ok) ? EXIT.done : EXIT.notRight;
  },
};

function node(): string {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) throw new Error(`Node.js ${process.versions.node} is too old: 20 or newer.`);
  return `Node.js ${process.versions.node}`;
}

async function address(call: Call): Promise<string> {
  const answer = await fetch(`${call.client.url}/api/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (answer === null)
    throw new Error(`${call.client.url} does not answer. Is INTERLOCK_URL right, and the server up?`);
  const said = (await answer.json().catch(() => ({}))) as { status?: string; version?: string };
  if (said.status !== "ok") throw new Error(`${call.client.url} is not Interlock: /api/health said ${answer.status}.`);
  return `Interlock ${said.version} at ${call.client.url}`;
}

async function key(call: Call, agentId: string): Promise<string> {
  const state = await call.client.get<{ mode: string; ttl_s: number; on_stale: string }>(
    `/control?agent_id=${encodeURIComponent(agentId)}`,
  );
  return `taken; for ${agentId} it is ${state.mode}, and ${state.on_stale} after ${state.ttl_s} s without word`;
}

async function clock(call: Call): Promise<string> {
  const began = Date.now();
  const answer = await call.client.raw("GET", `/control?agent_id=doctor`);
  await answer.body?.cancel();
  const theirs = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return "the server's clock is not told; nothing depends on it";
  const off = Math.round((theirs - (began + Date.now()) / 2) / 1_000);
  // Nothing decides by this clock; spans and logs are read by it.
  if (Math.abs(off) > SKEW_S)
    throw new Error(
      `This clock is ${Math.abs(off)} s ${off > 0 ? "behind" : "ahead"}: times in traces will not fit. Set it by NTP.`,
    );
  return `within ${Math.abs(off)} s of the server's`;
}

async function stream(call: Call, agentId: string): Promise<string> {
  const signal = AbortSignal.timeout(STREAM_MS);
  const began = performance.now();
  try {
    const answer = await call.client.raw(
      "GET",
      `/control/stream?agent_id=${encodeURIComponent(agentId)}`,
      undefined,
      undefined,
      signal,
    );
    if (answer.ok && answer.body)
      for await (const { event } of events(answer.body))
        if (event === "control") return `the first event came after ${Math.round(performance.now() - began)} ms`;
  } catch {
    // said below
  }
  throw new Error(
    "Nothing came through the stream: something on the way holds it back. Agents fall back to long polls; a stop arrives later.",
  );
}

function spool(call: Call, agentId: string): string {
  const { spoolDir } = settingsOf({ url: call.client.url, key: "-", agentId });
  if (spoolDir === null) return "off: what nobody takes is lost with the process";
  mkdirSync(spoolDir, { recursive: true });
  accessSync(spoolDir, constants.W_OK);
  const waiting = readdirSync(spoolDir, { recursive: true }).filter((f) => String(f).endsWith(".letter.json")).length;
  return `${spoolDir}, ${waiting} waiting`;
}
