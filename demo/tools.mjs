// @ts-check
import { tool } from "ai";
import { z } from "zod";
import { between, whole } from "./chance.mjs";
import { noteOnSpan } from "./telemetry.mjs";
import { sleep } from "./time.mjs";

/** What another system answered, as an error of ours. */
export class HttpError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(`${status} ${message}`);
    this.name = "HttpError";
    this.status = status;
  }
}

/** @typedef {{ says: string, input: z.ZodObject, ms: [number, number], endpoint: string, answer: (args: any) => unknown }} Made */
const text = z.string();

/** @type {Record<string, Made>} */
const CATALOGUE = {
  "kb.read": {
    says: "Read an article of the knowledge base.",
    input: z.object({ article: text }),
    ms: [60, 250],
    endpoint: "https://kb.internal/articles",
    answer: ({ article }) => ({ article, title: `How we handle ${article}`, updated: "2026-10-02", words: 640 }),
  },
  "kb.write": {
    says: "Replace an article of the knowledge base.",
    input: z.object({ article: text, body: text }),
    ms: [90, 300],
    endpoint: "https://kb.internal/articles",
    answer: ({ article }) => ({ article, revision: whole(20, 90) }),
  },
  "search.read": {
    says: "Search the web and the document store.",
    input: z.object({ query: text, limit: z.number().optional() }),
    ms: [150, 600],
    endpoint: "https://search.internal/v2/query",
    answer: ({ query }) => ({
      hits: [
        { title: `${query}: overview`, score: 0.82 },
        { title: query, score: 0.64 },
      ],
    }),
  },
  "web.fetch": {
    says: "Fetch a page.",
    input: z.object({ url: text }),
    ms: [200, 900],
    endpoint: "https://fetch.internal/page",
    answer: ({ url }) => ({ url, status: 200, excerpt: "Quarterly revenue grew by four per cent …" }),
  },
  "doc.read": {
    says: "Read a document of the archive.",
    input: z.object({ document: text }),
    ms: [120, 500],
    endpoint: "https://docs.internal/documents",
    answer: ({ document }) => ({ document, pages: whole(3, 14) }),
  },
  "ticket.search": {
    says: "Find tickets like this one.",
    input: z.object({ text }),
    ms: [80, 350],
    endpoint: "https://tickets.internal/search",
    answer: () => ({ similar: [`SUP-${whole(1000, 9000)}`], count: 1 }),
  },
  "ticket.create": {
    says: "Open a ticket.",
    input: z.object({ title: text, queue: text, priority: text }),
    ms: [150, 500],
    endpoint: "https://tickets.internal/tickets",
    answer: ({ queue }) => ({ ticket: `SUP-${whole(1000, 9000)}`, queue, status: "open" }),
  },
  "email.send": {
    says: "Send an e-mail.",
    input: z.object({ to: text, subject: text, body: text }),
    ms: [120, 400],
    endpoint: "https://mail.internal/send",
    answer: ({ to }) => ({ queued: true, to, message_id: `m-${whole(1e5, 9e5)}` }),
  },
  "db.query": {
    says: "Ask the warehouse.",
    input: z.object({ sql: text }),
    ms: [200, 800],
    endpoint: "https://warehouse.internal/query",
    answer: () => ({ rows: whole(12, 400), sample: [{ region: "north", revenue: whole(10_000, 90_000) }] }),
  },
  "report.publish": {
    says: "Publish a report.",
    input: z.object({ report: text, summary: text }),
    ms: [150, 450],
    endpoint: "https://reports.internal/publish",
    answer: ({ report }) => ({ report, url: `https://reports.internal/${whole(100, 999)}` }),
  },
  "erp.invoice": {
    says: "Look up an invoice in the ERP.",
    input: z.object({ invoice: text }),
    ms: [100, 400],
    endpoint: "https://erp.internal/invoices",
    answer: ({ invoice }) => ({ invoice, purchase_order: `PO-${whole(100, 999)}`, total: whole(90, 9000) }),
  },
  "erp.match": {
    says: "Match an invoice to its purchase order.",
    input: z.object({ invoice: text, purchase_order: text }),
    ms: [100, 400],
    endpoint: "https://erp.internal/matches",
    answer: ({ invoice }) => ({ invoice, matched: true }),
  },
  "order.read": {
    says: "Read an order.",
    input: z.object({ order: text }),
    ms: [60, 250],
    endpoint: "https://shop.internal/orders",
    answer: ({ order }) => ({ order, total: whole(20, 400), status: "delivered" }),
  },
  "refund.create": {
    says: "Refund an order.",
    input: z.object({ order: text, amount: z.number() }),
    ms: [200, 700],
    endpoint: "https://payments.internal/refunds",
    answer: ({ order, amount }) => ({ refund: `rf_${whole(1e5, 9e5)}`, order, amount, status: "done" }),
  },
  "crm.read": {
    says: "Read a customer's record.",
    input: z.object({ customer: text }),
    ms: [60, 250],
    endpoint: "https://crm.internal/customers",
    answer: ({ customer }) => ({ customer, plan: "team", seats: whole(3, 60) }),
  },
};

/** What a tool does in one run instead of its usual answer; throwing is its failure. @typedef {Record<string, (args: any) => unknown>} Faults */

/** @param {readonly string[]} names @param {Faults} faults */
export function toolset(names, faults) {
  return Object.fromEntries(
    names.map((name) => {
      const made = CATALOGUE[name];
      const execute = async (/** @type {any} */ args, /** @type {{ abortSignal?: AbortSignal }} */ { abortSignal }) => {
        await sleep(between(...made.ms), abortSignal);
        noteOnSpan({ "url.full": made.endpoint });
        try {
          const result = (faults[name] ?? made.answer)(args);
          noteOnSpan({ "http.response.status_code": 200 });
          return result;
        } catch (err) {
          if (err instanceof HttpError) noteOnSpan({ "http.response.status_code": err.status, "error.type": err.name });
          throw err;
        }
      };
      return [name, tool({ description: made.says, inputSchema: made.input, execute })];
    }),
  );
}
