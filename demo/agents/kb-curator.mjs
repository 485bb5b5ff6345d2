// @ts-check
import { call } from "../agent.mjs";

// Sends its traces and nothing more: it asks nobody, so the switch cannot be seen to work on it.
const ARTICLES = ["password reset", "billing cycle", "webhooks", "single sign-on", "data export"];

/** @type {import("../agent.mjs").AgentSpec} */
export const kbCurator = {
  agent_id: "kb-curator",
  version: "0.4.0",
  model: "gpt-4o-mini",
  task_type: "kb_upkeep",
  instructions: "You keep the knowledge base true: read an article, compare it with recent tickets, correct it.",
  gated: false,
  spans: "opentelemetry",
  tools: ["kb.read", "kb.write", "search.read"],
  workers: [{ tenant: "northwind", every: [18, 40] }],
  job(_duty, { dice: { pick } }) {
    const article = pick(ARTICLES);
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      yield { calls: [call("kb.read", { article })] };
      yield { calls: [call("search.read", { query: `tickets about ${article}` })] };
      yield { calls: [call("kb.write", { article, body: "Corrected steps two and three." })] };
      return `The article on ${article} is up to date.`;
    }
    return { goal: `Bring the article on ${article} up to date`, script: script(), end: {} };
  },
};
