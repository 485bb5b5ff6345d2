// @ts-check
import { call, failed, success } from "../agent.mjs";
import { pick, whole } from "../chance.mjs";
import { HttpError } from "../tools.mjs";

// Healthy, but for every eighth run: one document of some ninety thousand tokens fills its context. Every ninth run the answer
// to its publishing never comes: whether it happened a person has to find out.
const DOCUMENTS = ["board-minutes", "customer-interviews", "incident-review", "supplier-contract", "roadmap-draft"];

/** @type {import("../agent.mjs").AgentSpec} */
export const summarizer = {
  agent_id: "summarizer-12",
  version: "2.3.0",
  model: "claude-sonnet-4-5",
  task_type: "document_summary",
  instructions: "You read documents and summarise each on one page, for people who decide.",
  weight: 1_400,
  tools: ["doc.read", "report.publish"],
  workers: [
    { tenant: "acme_corp", every: [7, 15] },
    { tenant: "initech", every: [9, 18] },
  ],
  job(_worker, n) {
    const name = `${pick(DOCUMENTS)}-${whole(10, 99)}`;
    const huge = n % 8 === 3;
    let timesOut = n % 9 === 2;
    const end = success();
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      yield { say: "I read the document part by part.", calls: [call("doc.read", { document: `${name}/1` })] };
      yield { calls: [call("doc.read", { document: `${name}/2` })], reads: whole(1_500, 4_000) };
      if (huge) {
        yield { calls: [call("doc.read", { document: `${name}/appendix-all-exhibits` })], reads: whole(1_500, 3_000) };
        yield {
          calls: [call("doc.read", { document: `${name}/3` })],
          reads: whole(88_000, 93_000),
          ms: [2_500, 4_500],
        };
        Object.assign(end, failed("context_budget", "ContextBudget", "more than 90,000 input tokens in one turn"));
        return "The appendix does not fit beside the rest; I stop here.";
      }
      yield { calls: [call("report.publish", { report: name, summary: "One page." })], reads: whole(1_500, 4_000) };
      end.result = { document: name, pages: 1 };
      return `The summary of ${name} is published.`;
    }
    /** @type {import("../toolset.mjs").Faults} */
    const faults = {
      "report.publish": ({ report }) => {
        const lost = timesOut;
        timesOut = false;
        if (lost) throw new HttpError(504, "Gateway Timeout");
        return { report, url: `https://reports.internal/${name}` };
      },
    };
    return { goal: `Summarise ${name} on one page`, script: script(), end, faults };
  },
};
