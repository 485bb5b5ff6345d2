import { query } from "./client.js";
import { type Call, type Command, EXIT, Exit, needed, text } from "./command.js";
import { ago, table } from "./print.js";

type Approval = {
  id: string;
  status: string;
  agent_id: string;
  tool: string | null;
  model: string | null;
  effect: string | null;
  says: string;
  intent: { reason?: string } | null;
  requested_at: string;
  expires_at: string;
  why_not_me: string | null;
};

async function list(call: Call): Promise<number> {
  const status = text(call.values, "status") ?? "pending";
  const found = await call.client.get<{ items: Approval[]; next_cursor: string | null }>(
    `/approvals${query({ status, run_id: text(call.values, "run"), limit: text(call.values, "limit") ?? "50" })}`,
  );
  call.give(found);
  if (found.items.length === 0) call.say(`No approval is ${status}.`);
  else
    call.say(
      table(
        ["approval", "agent", "call", "effect", "asked", "why"],
        found.items.map((a) => [
          a.id,
          a.agent_id,
          a.tool ?? a.model,
          a.effect,
          ago(a.requested_at),
          a.intent?.reason ?? a.says,
        ]),
      ),
    );
  if (found.next_cursor) call.say("There are more: raise --limit.");
  return EXIT.done;
}

async function show(call: Call, id: string): Promise<number> {
  const found = await call.client.get<Approval & { args: string | null }>(`/approvals/${encodeURIComponent(id)}/case`);
  call.give(found);
  call.say(`${found.id}: ${found.status}`);
  call.say(
    `${found.agent_id} wants ${found.tool ?? found.model} (${found.effect ?? "no effect"}), asked ${ago(found.requested_at)}`,
  );
  call.say(`because: ${found.intent?.reason ?? "no reason given"}; the rule says: ${found.says}`);
  call.say(`with: ${found.args ?? "no arguments"}`);
  if (found.why_not_me) call.say(found.why_not_me);
  return EXIT.done;
}

/** Lists, shows, answers. */
export const approvals: Command = {
  usage: "approvals [list | show <id> | approve <id> … | deny <id> …]",
  about: "What people are asked; approve or deny it.",
  needs: "read; approve, of a named person, to answer",
  options: {
    status: { type: "string", about: "pending, approved, denied, expired, cancelled or used", default: "pending" },
    run: { type: "string", about: "of one run" },
    limit: { type: "string", about: "at most so many", default: "50" },
    reason: { type: "string", short: "r", about: "why you answer so" },
  },
  run: async (call) => {
    const [what = "list", ...ids] = call.positionals;
    if (what === "list") return list(call);
    if (ids.length === 0) throw new Exit(EXIT.usage, `Which one? interlock approvals ${what} <id>`);
    if (what === "show") return show(call, ids[0] ?? "");
    if (what !== "approve" && what !== "deny") throw new Exit(EXIT.usage, `approvals knows no "${what}".`);
    const reason = needed(call.values, "reason", "whoever asked will read it.");
    const given: unknown[] = [];
    for (const id of ids) {
      const after = await call.client.post<Approval>(`/approvals/${encodeURIComponent(id)}/verdict`, {
        verdict: what,
        reason,
      });
      given.push(after);
      call.say(`${id}: ${after.status === "pending" ? "your vote is counted; it waits for more" : after.status}`);
    }
    call.give({ items: given });
    return EXIT.done;
  },
};
