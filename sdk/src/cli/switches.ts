import { query } from "./client.js";
import { type Call, type Command, EXIT, Exit, needed, type Option, seconds, text } from "./command.js";
import { counted } from "./print.js";

const SCOPES: Record<string, string> = {
  agent: "agent",
  tenant: "tenant",
  "task-type": "task_type",
  run: "run",
  tool: "tool",
  connector: "connector",
};
const scopeOptions: Record<string, Option> = {
  environment: { type: "boolean", about: "everything in the environment of the key" },
  agent: { type: "string", about: "one agent" },
  tenant: { type: "string", about: "one tenant" },
  "task-type": { type: "string", about: "one kind of task" },
  run: { type: "string", about: "one run and those it began" },
};
const blockOptions: Record<string, Option> = {
  tool: { type: "string", about: "one tool, whoever calls it" },
  connector: { type: "string", about: "one connector, whoever uses it" },
};
const reason: Option = { type: "string", short: "r", about: "why; it stands in the audit log and agents read it" };
const wait: Option = {
  type: "string",
  about: "how long to wait until everybody has confirmed, such as 60s; 0s: not",
  default: "30s",
};

/** Exactly one. @throws Exit (usage) */
function scopeOf(call: Call): { kind: string; key?: string } {
  const given = Object.entries(SCOPES).flatMap(([option, kind]) => {
    const key = text(call.values, option);
    return key === undefined ? [] : [{ kind, key }];
  });
  if (call.values.environment === true) given.push({ kind: "environment" } as never);
  const [one, ...more] = given;
  if (!one || more.length > 0)
    throw new Exit(EXIT.usage, `Say for whom, once: --environment, --${Object.keys(SCOPES).join(" …, --")} …`);
  return one;
}

type Propagation = {
  instances: { instance_id: string; agent_id: string; state: string; lag_ms: number | null }[];
  runs: {
    requested: number;
    seen: number;
    confirmed: number;
    outstanding: (string | { run_id: string })[];
    unconfirmable: unknown[];
  };
};
const POLL_MS = 500;

/** Watches who obeys. @returns whether everybody has */
async function watch(call: Call, id: string, forS: number): Promise<boolean> {
  const until = Date.now() + forS * 1_000;
  let said = "";
  for (;;) {
    const now = await call.client.get<Propagation>(`/switches/${id}/propagation`);
    const open = now.instances.filter((i) => i.state !== "confirmed" && i.state !== "lost");
    const lost = now.instances.filter((i) => i.state === "lost");
    const confirmed = now.instances.filter((i) => i.state === "confirmed").length;
    const line = `  ${confirmed} of ${counted(now.instances.length, "instance")} confirmed, ${now.runs.confirmed} of ${counted(now.runs.requested, "run")}`;
    if (line !== said) call.say(line);
    said = line;
    const right = open.length === 0 && lost.length === 0 && now.runs.confirmed >= now.runs.requested;
    if (right || Date.now() >= until || call.io.signal?.aborted) {
      if (!right) {
        for (const one of [...open, ...lost]) call.say(`  ${one.state}: ${one.instance_id} (${one.agent_id})`);
        if (now.runs.unconfirmable.length > 0)
          call.say(`  ${counted(now.runs.unconfirmable.length, "run")} without a gate cannot confirm`);
      }
      return right;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const setting = (mode: "stop" | "pause" | "safe_mode", about: string, more: Record<string, Option>): Command => ({
  usage: `${mode === "safe_mode" ? "safe-mode" : mode} (--environment | --agent <id> | …) --reason <why>`,
  about,
  needs: "operate",
  options: { ...scopeOptions, ...more, reason, wait },
  run: async (call) => {
    const forS = seconds(text(call.values, "wait") ?? "30s");
    const lasts = text(call.values, "for");
    const set = await call.client.post<{ switch_id: string; requested: { runs: number; instances: number } }>(
      "/switches",
      {
        scope: scopeOf(call),
        mode,
        reason: needed(call.values, "reason", "a switch without one cannot be judged at 03:00."),
        ...(lasts ? { expires_in_s: seconds(lasts) } : {}),
      },
    );
    call.say(
      `${set.switch_id} is set: ${counted(set.requested.instances, "instance")} and ${counted(set.requested.runs, "run")} are meant.`,
    );
    const confirmed = forS > 0 ? await watch(call, set.switch_id, forS) : null;
    call.give({ ...set, confirmed });
    if (confirmed === false)
      call.say("Not everybody has confirmed. The switch stands; see its page, or ask again with `interlock status`.");
    if (confirmed) call.say("Everybody has confirmed.");
    return confirmed === false ? EXIT.notRight : EXIT.done;
  },
});

const lasts: Option = { type: "string", about: "when it lapses by itself, such as 30m or 2h" };
export const stop = setting("stop", "End runs with kill_switch, and let no new ones begin.", blockOptions);
export const pause = setting("pause", "Hold runs where they are, and let no new ones begin.", { for: lasts });
export const safeMode = setting("safe_mode", "Leave only the tools of safe mode.", { for: lasts });

export const release: Command = {
  usage: "release <switch-id> | --all --reason <why>",
  about: "Release a switch, or all that are set.",
  needs: "operate",
  options: { reason, all: { type: "boolean", about: "every active switch of the environment" } },
  run: async (call) => {
    const why = needed(call.values, "reason", "who let them go on, and why?");
    const { items } = await call.client.get<{ items: { switch_id: string }[] }>(
      `/switches${query({ active: "true", limit: "500" })}`,
    );
    const ids = call.values.all === true ? items.map((s) => s.switch_id) : call.positionals;
    if (ids.length === 0) {
      if (call.values.all !== true) throw new Exit(EXIT.usage, "Name the switch, or say --all.");
      call.say("No switch is set.");
    }
    for (const id of ids) {
      await call.client.post(`/switches/${encodeURIComponent(id)}/release`, { reason: why });
      call.say(`${id} is released.`);
    }
    call.give({ released: ids });
    return EXIT.done;
  },
};
