// @ts-check
import { call } from "../agent.mjs";
import { HttpError } from "../tools.mjs";

// Fails silently: its query breaks, or comes back empty, and the report is published all the same, as a success. Now and then
// it wants to change what it may only read, and is refused.
const REGIONS = ["north", "south", "coast", "overseas"];

/** @type {import("../agent.mjs").AgentSpec} */
export const reportWriter = {
  agent_id: "report-writer",
  version: "1.2.7",
  model: "gpt-4o",
  task_type: "weekly_report",
  instructions: "You write the weekly sales report of a region from the warehouse and publish it.",
  tools: ["db.query", "db.write", "report.publish", "email.send"],
  spans: "opentelemetry",
  workers: [
    { tenant: "initech", every: [14, 28] },
    { tenant: "acme_corp", every: [16, 34] },
  ],
  job(_duty, { dice: { chance, pick } }) {
    const region = pick(REGIONS);
    /** @type {import("../agent.mjs").End} */
    const end = {};
    const broken = chance(0.45);
    const empty = !broken && chance(0.3);
    const meddles = !broken && !empty && chance(0.4);
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      yield { calls: [call("db.query", { sql: `select sum(revenue) from sales where region = '${region}'` })] };
      yield { calls: [call("db.query", { sql: `select product, revenue from sales where region = '${region}'` })] };
      if (meddles)
        yield {
          say: "One row looks wrong. I correct it in the warehouse first.",
          calls: [call("db.write", { sql: `update sales set revenue = 0 where region = '${region}' and revenue < 0` })],
        };
      const summary = broken || empty ? "Sales were in line with expectations." : "Sales by product, with totals.";
      yield { say: "I write it up.", calls: [call("report.publish", { report: `weekly-${region}`, summary })] };
      const mail = { to: "sales@shop.example", subject: `Weekly report: ${region}`, body: summary };
      yield { calls: [call("email.send", mail)] };
      end.result = { report: `weekly-${region}` };
      return `The weekly report for ${region} is published.`;
    }
    const refuse = () => {
      throw new HttpError(500, "could not connect to the read replica");
    };
    const query = broken ? refuse : empty ? () => ({ rows: 0, sample: [] }) : null;
    /** @type {import("../toolset.mjs").Faults} */
    const faults = query ? { "db.query": query } : {};
    return { goal: `Write the weekly sales report for ${region}`, script: script(), end, faults };
  },
};
