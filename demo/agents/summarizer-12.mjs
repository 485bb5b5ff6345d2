// @ts-check
import { BudgetExhausted } from "@interlock/agent";
import { call } from "../agent.mjs";
import { HttpError } from "../tools.mjs";

// Healthy, but for every eighth run: one document of some ninety thousand tokens fills its context. Every ninth run the answer
// to its publishing never comes: it tries again, and whether it had happened a person has to find out.
const DOCUMENTS = ["board-minutes", "customer-interviews", "incident-review", "supplier-contract", "roadmap-draft"];

/** @type {import("../agent.mjs").AgentSpec} */
export const summarizer = {
  agent_id: "summarizer-12",
  version: "2.3.0",
  model: "claude-sonnet-4-5",
  task_type: "document_summary",
  instructions: "You read documents and summarise each on one page, for people who decide.",
  tools: ["doc.read", "report.publish"],
  spans: "opentelemetry",
  workers: [
    { tenant: "acme_corp", every: [7, 15] },
    { tenant: "initech", every: [9, 18] },
  ],
  job(_duty, { n, dice: { pick, whole } }) {
    const name = `${pick(DOCUMENTS)}-${whole(10, 99)}`;
    const huge = n % 8 === 3;
    let timesOut = n % 9 === 2;
    /** @type {import("../agent.mjs").End} */
    const end = {};
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      yield { say: "I read the document part by part.", calls: [call("doc.read", { document: `${name}/1` })] };
      yield { calls: [call("doc.read", { document: `${name}/2` })] };
      if (huge) {
        yield { calls: [call("doc.read", { document: `${name}/appendix-all-exhibits` })] };
        // Reached only where no policy refuses a turn that has to read it all.
        const about = { code: "context_budget", stopReason: /** @type {const} */ ("context_budget") };
        end.error = new BudgetExhausted("More than 90,000 input tokens in one turn.", about);
        return "The appendix does not fit beside the rest; I stop here.";
      }
      const publish = call("report.publish", { report: name, summary: "One page." });
      const [published] = yield { calls: [publish] };
      if (!published?.ok) yield { say: "No answer came. I publish it again.", calls: [publish] };
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
