// @ts-check
import { LoopDetected } from "@interlock/agent";
import { call } from "../agent.mjs";

// Two of its instances loop: the same search, the same empty result, for minutes, until somebody stops the run or it
// notices itself. The third works.
const TOPICS = ["heat pump subsidies", "freight rates to Rotterdam", "GPU lead times", "payroll rules in Estonia"];
/** Thought again with each turn, and read again with every turn that follows: that is what a loop costs. */
const AGAIN =
  "There are no results yet. The question asks for audited figures, so I should not answer from an estimate or from a press " +
  "report. The filing ought to be in the index by now; perhaps it has not caught up, or the search was answered from a cache. " +
  "The query names the company, the year and the kind of figure, which is as precise as it can be, so I do not change it. " +
  "I try the search again.";
const QUERY = { query: "site:filings.example ACME revenue 2031 audited", limit: 10 };

/** @param {import("../chance.mjs").Dice} dice @returns {import("../agent.mjs").Job} */
function looping({ between }) {
  /** @type {import("../agent.mjs").End} */
  const end = {};
  /** @returns {import("../model.mjs").Script} */
  function* script() {
    const until = performance.now() + between(200, 280) * 1000;
    yield { say: "I look for the audited figures first.", calls: [call("kb.read", { article: "where filings are" })] };
    for (let n = 0; performance.now() < until; n++)
      yield {
        say: n === 0 ? "" : AGAIN,
        calls: [call("search.read", QUERY)],
        ms: [1_200, 2_600],
      };
    const about = { code: "loop_detected", stopReason: /** @type {const} */ ("loop_detected") };
    end.error = new LoopDetected("The same search gave the same empty result too often.", about);
    return "I have asked the same thing over and over and stop here.";
  }
  const goal = "Find ACME's audited revenue for 2031 and cite the filing";
  return { goal, script: script(), end, faults: { "search.read": () => ({ hits: [] }) } };
}

/** @param {import("../chance.mjs").Dice} dice @returns {import("../agent.mjs").Job} */
function working({ pick }) {
  const topic = pick(TOPICS);
  /** @type {import("../agent.mjs").End} */
  const end = {};
  /** @returns {import("../model.mjs").Script} */
  function* script() {
    yield { calls: [call("search.read", { query: topic, limit: 5 })] };
    yield { calls: [call("search.read", { query: `${topic} 2026`, limit: 5 })] };
    yield { calls: [call("web.fetch", { url: `https://news.example/${topic.replaceAll(" ", "-")}` })] };
    yield { calls: [call("kb.read", { article: topic })] };
    end.result = { topic, sources: 3 };
    return `Here is what is known about ${topic}, with three sources.`;
  }
  return { goal: `Write a brief on ${topic}`, script: script(), end };
}

/** @type {import("../agent.mjs").AgentSpec} */
export const researchAgent = {
  agent_id: "research-agent",
  version: "0.9.4",
  model: "claude-sonnet-4-5",
  task_type: "research_brief",
  instructions: "You research a question in the document store and on the web and answer with sources.",
  tools: ["kb.read", "search.read", "web.fetch"],
  spans: "sdk",
  workers: [
    { tenant: "acme_corp", every: [3, 6], habit: "loops" },
    { tenant: "globex", every: [3, 6], habit: "loops" },
    { tenant: "initech", every: [20, 40] },
  ],
  job: ({ habit }, { dice }) => (habit === "loops" ? looping(dice) : working(dice)),
};
