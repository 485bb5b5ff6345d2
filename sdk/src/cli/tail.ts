import { events } from "../control/sse.js";
import { type Client, query } from "./client.js";
import { type Call, type Command, EXIT, Exit, text } from "./command.js";
import { money } from "./print.js";
import type { RunRow } from "./runs.js";

type News = { at: string; what: string; id: string; agent_id: string | null; says: string };
/** What one topic looks like now: by id, with a word that changes when it is news. */
type Look = (client: Client, agent: string | undefined) => Promise<(News & { state: string })[]>;

const runs: Look = async (client, agent) => {
  const { items } = await client.get<{ items: (RunRow & { ended_at: string | null })[] }>(
    `/runs${query({ agent_id: agent, limit: "100" })}`,
  );
  return items.map((r) => ({
    at: r.ended_at ?? r.started_at,
    what: "run",
    id: r.run_id,
    agent_id: r.agent_id,
    state: `${r.status} ${r.stop_reason ?? ""}`,
    says: `${r.task_type} ${r.status}${r.stop_reason ? `: ${r.stop_reason}, ${r.steps} steps, ${money(r.cost_usd)}` : ""}`,
  }));
};
const approvals: Look = async (client) => {
  const { items } = await client.get<{
    items: {
      id: string;
      status: string;
      agent_id: string;
      tool: string | null;
      requested_at: string;
      settled_at: string | null;
    }[];
  }>("/approvals?limit=100");
  return items.map((a) => ({
    at: a.settled_at ?? a.requested_at,
    what: "approval",
    id: a.id,
    agent_id: a.agent_id,
    state: a.status,
    says: `${a.tool ?? "a model"} ${a.status}`,
  }));
};
const switches: Look = async (client) => {
  const { items } = await client.get<{
    items: {
      switch_id: string;
      mode: string;
      scope: { kind: string; key: string | null };
      reason: string;
      set_at: string;
      released_at: string | null;
    }[];
  }>("/switches?limit=100");
  return items.map((s) => ({
    at: s.released_at ?? s.set_at,
    what: "switch",
    id: s.switch_id,
    agent_id: s.scope.kind === "agent" ? s.scope.key : null,
    state: s.released_at ? "released" : "set",
    says: `${s.mode} of ${s.scope.key ? `${s.scope.kind} ${s.scope.key}` : s.scope.kind} ${s.released_at ? "released" : "set"}: ${s.reason}`,
  }));
};
const alerts: Look = async (client) => {
  const { items } = await client.get<{
    items: {
      alert_id: string;
      state: string;
      severity: string;
      title?: string;
      agent_id: string | null;
      opened_at?: string;
      last_seen_at?: string;
    }[];
  }>("/alerts?limit=100");
  return items.map((a) => ({
    at: a.last_seen_at ?? a.opened_at ?? new Date().toISOString(),
    what: "alert",
    id: a.alert_id,
    agent_id: a.agent_id,
    state: a.state,
    says: `${a.severity} ${a.state}${a.title ? `: ${a.title}` : ""}`,
  }));
};
const TOPICS: Record<string, Look> = { runs, approvals, controls: switches, alerts };

/** What changes, as it changes. Only what is new since the start is told, unless `--since-start` is switched off by `--all`. */
export const tail: Command = {
  usage: "tail [--agent <id>]",
  about: "Runs, approvals, switches and alerts as they change. Ends with Ctrl-C.",
  needs: "read",
  options: {
    agent: { type: "string", about: "of one agent" },
    all: { type: "boolean", about: "begin with what is there already" },
  },
  run: async (call) => {
    const agent = text(call.values, "agent");
    const seen = new Map<string, string>();
    let quiet = call.values.all !== true;
    const look = async (topics: string[]) => {
      for (const topic of topics) {
        const now = (await TOPICS[topic]?.(call.client, agent)) ?? [];
        for (const { state, ...news } of now.sort((a, b) => (a.at < b.at ? -1 : 1))) {
          const key = `${news.what} ${news.id}`;
          if (seen.get(key) === state || (agent && news.agent_id !== agent)) continue;
          seen.set(key, state);
          if (!quiet) print(call, news);
        }
      }
    };
    await look(Object.keys(TOPICS));
    quiet = false;
    while (!call.io.signal?.aborted) await follow(call, look);
    return EXIT.done;
  },
};

function print(call: Call, news: News): void {
  call.say(`${news.at.slice(11, 19)}  ${news.what.padEnd(8)}  ${news.agent_id ?? "–"}  ${news.says}  ${news.id}`);
  call.give(news);
}

/** One connection; where it breaks off the caller comes back, and what was missed is looked for. */
async function follow(call: Call, look: (topics: string[]) => Promise<void>): Promise<void> {
  const signal = call.io.signal ?? new AbortController().signal;
  try {
    const answer = await call.client.raw("GET", "/events", undefined, undefined, signal);
    if (!answer.ok || !answer.body) throw new Exit(EXIT.refused, `The stream was answered with ${answer.status}.`);
    await look(Object.keys(TOPICS));
    for await (const { event, data } of events(answer.body)) {
      if (event !== "change") continue;
      const { topics } = JSON.parse(data) as { topics: string[] };
      await look(topics.filter((t) => t in TOPICS));
    }
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Exit && error.code !== EXIT.unreachable) throw error;
    call.io.err("The stream broke off; connecting again.\n");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
