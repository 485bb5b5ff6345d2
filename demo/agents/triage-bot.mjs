// @ts-check
import { call } from "../agent.mjs";

// Healthy: reads a message, looks for tickets like it, opens one. One that it files twice is answered from the ledger.
const REPORTS = [
  ["Login page answers 502 since this morning", "platform", "P2"],
  ["Cannot export the monthly statement", "billing", "P3"],
  ["Two-factor code never arrives", "identity", "P2"],
  ["Dashboard shows yesterday's figures", "data", "P3"],
  ["Card was charged twice", "billing", "P1"],
  ["How do I add a teammate?", "support", "P4"],
];

/** @type {import("../agent.mjs").AgentSpec} */
export const triageBot = {
  agent_id: "triage-bot",
  version: "1.14.2",
  model: "gpt-4o-mini",
  task_type: "support_triage",
  instructions: "You sort incoming support messages and open a ticket in the right queue, unless there is one already.",
  tools: ["kb.read", "ticket.search", "ticket.create"],
  spans: "sdk",
  workers: [
    { tenant: "acme_corp", every: [4, 9] },
    { tenant: "northwind", every: [5, 11] },
    { tenant: "globex", every: [6, 14] },
  ],
  job(_duty, { dice: { chance, pick } }) {
    const [title, queue, priority] = pick(REPORTS);
    /** @type {import("../agent.mjs").End} */
    const end = {};
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      if (chance(0.4)) yield { calls: [call("kb.read", { article: `${queue} escalation` })] };
      yield { say: "Let me see whether this is known.", calls: [call("ticket.search", { text: title })] };
      if (chance(0.25)) {
        end.result = { duplicate: true };
        return `This is already being worked on; I have added the message there.`;
      }
      const ticket = { title, queue, priority };
      const [made] = yield { calls: [call("ticket.create", ticket)] };
      if (chance(0.2))
        yield { say: "It is not in the list yet. I file it once more.", calls: [call("ticket.create", ticket)] };
      end.result = { ticket: made?.value?.ticket ?? null, queue, priority };
      return `Opened ${made?.value?.ticket ?? "a ticket"} in ${queue} as ${priority}.`;
    }
    return { goal: `Triage the message: ${title}`, script: script(), end };
  },
};
