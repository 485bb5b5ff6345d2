// @ts-check
import { call } from "../agent.mjs";

// Writes for money, which cannot be undone: its policy asks a person, but for small sums that a standing grant covers, and
// refuses the largest.

/** @type {import("../agent.mjs").AgentSpec} */
export const refundClerk = {
  agent_id: "refund-clerk",
  version: "1.8.0",
  model: "gpt-4o",
  task_type: "refund",
  instructions: "You decide on refund requests by the shop's rules and carry them out.",
  tools: ["kb.read", "order.read", "refund.create", "email.send"],
  spans: "sdk",
  workers: [
    { tenant: "acme_corp", every: [10, 20] },
    { tenant: "northwind", every: [12, 24] },
    { tenant: "globex", every: [15, 30] },
  ],
  job(_duty, { dice: { whole } }) {
    const order = `A-${whole(1000, 9999)}`;
    /** @type {import("../agent.mjs").End} */
    const end = {};
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      const [read] = yield { calls: [call("order.read", { order })] };
      const amount = Number(read?.value?.total ?? 0);
      yield { calls: [call("kb.read", { article: "refund rules" })] };
      yield { say: "This is within the rules.", calls: [call("refund.create", { order, amount })] };
      const mail = {
        to: "customer@example.com",
        subject: `Your refund for ${order}`,
        body: `${amount} is on its way.`,
      };
      yield { calls: [call("email.send", mail)] };
      end.result = { order, amount };
      return `Refunded ${amount} for ${order}.`;
    }
    return { goal: `Decide on the refund request for order ${order}`, script: script(), end };
  },
};
