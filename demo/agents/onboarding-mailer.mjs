// @ts-check
import { call } from "../agent.mjs";

// Started twice for the same customer by a scheduler and a webhook: the lock lets one of the two runs in.
const CUSTOMERS = ["Initech Freight", "Initech Retail", "Initech Labs", "Initech Energy"];
const MINUTE_MS = 60_000;

/** @type {import("../agent.mjs").AgentSpec} */
export const onboardingMailer = {
  agent_id: "onboarding-mailer",
  version: "1.0.3",
  model: "gpt-4o-mini",
  task_type: "onboarding",
  instructions: "You welcome a new customer with the mail that fits its plan.",
  tools: ["crm.read", "email.send"],
  spans: "sdk",
  workers: [
    { tenant: "initech", every: [45, 75], tick_s: 60, habit: "scheduler" },
    { tenant: "initech", every: [45, 75], tick_s: 60, habit: "webhook" },
  ],
  job(_duty, { at }) {
    const customer = CUSTOMERS[Math.floor(at / MINUTE_MS) % CUSTOMERS.length];
    /** @type {import("../agent.mjs").End} */
    const end = {};
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      yield { calls: [call("crm.read", { customer })] };
      const mail = { to: "hello@initech.example", subject: `Welcome, ${customer}`, body: "Here is how to begin." };
      yield { say: "They are on the team plan.", calls: [call("email.send", mail)], ms: [2_000, 4_000] };
      end.result = { customer };
      return `${customer} has been welcomed.`;
    }
    return { goal: `Welcome ${customer}`, script: script(), end, lockKey: `onboarding:${customer}` };
  },
};
