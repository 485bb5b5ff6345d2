// @ts-check
import { call, success } from "../agent.mjs";
import { whole } from "../chance.mjs";

// Writes for money, which cannot be undone: its policy asks a person, but for small sums that a standing grant covers, and
// refuses the largest.

/** @type {import("../agent.mjs").AgentSpec} */
export const refundClerk = {
  agent_id: "refund-clerk",
  version: "1.8.0",
  model: "gpt-4o",
  task_type: "refund",
  instructions: "You decide on refund requests by the shop's rules and carry them out.",
  weight: 2_100,
  tools: ["kb.read", "order.read", "refund.create", "email.send"],
  workers: [
    { tenant: "acme_corp", every: [10, 20] },
    { tenant: "northwind", every: [12, 24] },
    { tenant: "globex", every: [15, 30] },
  ],
  job() {
    const order = `A-${whole(1000, 9999)}`;
    const end = success();
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      const [read] = yield { calls: [call("order.read", { order })] };
      const amount = Number(read?.value?.total ?? 0);
      yield { calls: [call("kb.read", { article: "refund rules" })], reads: whole(300, 800) };
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
