// @ts-check
import { call, failed, success } from "../agent.mjs";
import { between, pick, whole } from "../chance.mjs";

// Two of its instances loop: the same search, the same empty result, for minutes, until somebody stops the run or it
// notices itself. The third works.
const TOPICS = ["heat pump subsidies", "freight rates to Rotterdam", "GPU lead times", "payroll rules in Estonia"];
const QUERY = { query: "site:filings.example ACME revenue 2031 audited", limit: 10 };

/** @returns {import("../agent.mjs").Job} */
function looping() {
  const until = performance.now() + between(200, 280) * 1000;
  const end = success();
  /** @returns {import("../model.mjs").Script} */
  function* script() {
    yield { say: "I look for the audited figures first.", calls: [call("kb.read", { article: "where filings are" })] };
    for (let n = 0; performance.now() < until; n++)
      yield {
        say: n % 4 === 0 ? "No results yet; the index may not have caught up. I try the search again." : "",
        calls: [call("search.read", QUERY)],
        reads: whole(60, 160),
        ms: [1_200, 2_600],
      };
    Object.assign(end, failed("loop_detected", "Loop", "the same search gave the same empty result too often"));
    return "I have asked the same thing over and over and stop here.";
  }
  const goal = "Find ACME's audited revenue for 2031 and cite the filing";
  return { goal, script: script(), end, faults: { "search.read": () => ({ hits: [] }) } };
}

/** @returns {import("../agent.mjs").Job} */
function working() {
  const topic = pick(TOPICS);
  const end = success();
  /** @returns {import("../model.mjs").Script} */
  function* script() {
    yield { calls: [call("search.read", { query: topic, limit: 5 })] };
    yield { calls: [call("search.read", { query: `${topic} 2026`, limit: 5 })], reads: whole(400, 900) };
    yield { calls: [call("web.fetch", { url: `https://news.example/${topic.replaceAll(" ", "-")}` })] };
    yield { calls: [call("kb.read", { article: topic })], reads: whole(1_800, 3_600) };
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
  weight: 2_600,
  tools: ["kb.read", "search.read", "web.fetch"],
  workers: [
    { tenant: "acme_corp", every: [3, 6], habit: "loops" },
    { tenant: "globex", every: [3, 6], habit: "loops" },
    { tenant: "initech", every: [20, 40] },
  ],
  job: (worker) => (worker.habit === "loops" ? looping() : working()),
};
