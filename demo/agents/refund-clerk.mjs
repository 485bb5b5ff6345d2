// @ts-check
import { call, failed, success } from "../agent.mjs";
import { chance, whole } from "../chance.mjs";

// Writes for money, and knows where its authority ends: above its limit a person decides, and some say no.
const LIMIT_USD = 300;

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
  ],
  job() {
    const order = `A-${whole(1000, 9999)}`;
    const end = success();
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      const [read] = yield { calls: [call("order.read", { order })] };
      const amount = Number(read?.value?.total ?? 0);
      yield { calls: [call("kb.read", { article: "refund rules" })], reads: whole(300, 800) };
      if (amount > LIMIT_USD) {
        const approved = chance(0.5);
        if (!approved) {
          Object.assign(end, failed("approval_denied", "Denied", `a refund of ${amount} was not approved`));
          return "The shop declined this refund.";
        }
      } else if (chance(0.06)) {
        Object.assign(end, failed("tool_denied", "Denied", "refund.create: not for orders of another region"));
        return "I may not refund this order.";
      }
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
