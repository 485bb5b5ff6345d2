// @ts-check
import { ToolFailed } from "@interlock/agent";
import { call } from "../agent.mjs";
import { HttpError } from "../tools.mjs";

// Half of its runs meet an ERP that refuses, and storm it: the same call again and again, with hardly a pause, and each one
// twice, because policy lets a read that failed so be tried again.

/** @type {import("../agent.mjs").AgentSpec} */
export const invoiceMatcher = {
  agent_id: "invoice-matcher",
  version: "3.0.1",
  model: "gpt-4o",
  task_type: "invoice_matching",
  instructions: "You match invoices to purchase orders in the ERP and note what does not fit.",
  tools: ["erp.invoice", "erp.match"],
  spans: "sdk",
  workers: [
    { tenant: "northwind", every: [12, 24] },
    { tenant: "globex", every: [14, 30] },
  ],
  job(_duty, { dice: { chance, whole } }) {
    const invoice = `INV-${whole(20_000, 29_999)}`;
    /** @type {import("../agent.mjs").End} */
    const end = {};
    const storm = chance(0.5);
    const limited = chance(0.75);
    const attempts = whole(5, 10);
    const refusal = () => {
      throw limited ? new HttpError(429, "Too Many Requests") : new HttpError(503, "Service Unavailable");
    };
    /** @returns {import("../model.mjs").Script} */
    function* script() {
      for (let n = 0; storm && n < attempts; n++)
        yield { say: n === 0 ? "" : "Again.", calls: [call("erp.invoice", { invoice })], ms: [120, 260] };
      if (storm) {
        const code = limited ? "tool_rate_limit" : "tool_failed";
        end.error = new ToolFailed(`erp.invoice failed ${attempts} times in a row.`, { code, stopReason: code });
        return "The ERP does not let me in; I give up on this invoice.";
      }
      const [found] = yield { calls: [call("erp.invoice", { invoice })] };
      const order = found?.value?.purchase_order ?? "PO-000";
      yield { calls: [call("erp.match", { invoice, purchase_order: order })] };
      end.result = { invoice, purchase_order: order };
      return `${invoice} belongs to ${order}.`;
    }
    /** @type {import("../toolset.mjs").Faults} */
    const faults = storm ? { "erp.invoice": refusal } : {};
    return { goal: `Match ${invoice} to its purchase order`, script: script(), end, faults };
  },
};
