// @ts-check
import { z } from "zod";
import { whole } from "./chance.mjs";

/** What another system answered, as an error of ours. */
export class HttpError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(`${status} ${message}`);
    this.name = "HttpError";
    this.status = status;
  }
}

/**
 * `effect` and `connector` are what the agent says of itself; a policy's catalogue may say more.
 * @typedef {{ says: string, input: z.ZodObject, ms: [number, number], endpoint: string, connector: string, effect: "read" | "write" | "irreversible",
 *   touches?: (args: any) => string, facts?: (args: any) => Record<string, string>, answer: (args: any) => unknown }} Made
 */
const text = z.string();
const OWN_DOMAIN = "shop.example";

/** A fact that policies may look at: where a mail goes to that leaves the house. @param {string} to @returns {Record<string, string>} */
function outside(to) {
  const domain = to.split("@")[1] ?? "";
  return domain === OWN_DOMAIN ? {} : { external_domain: domain };
}

/** @type {Record<string, Made>} */
export const CATALOGUE = {
  "kb.read": {
    says: "Read an article of the knowledge base.",
    input: z.object({ article: text }),
    ms: [60, 250],
    endpoint: "https://kb.internal/articles",
    connector: "kb",
    effect: "read",
    answer: ({ article }) => ({ article, title: `How we handle ${article}`, updated: "2026-10-02", words: 640 }),
  },
  "kb.write": {
    says: "Replace an article of the knowledge base.",
    input: z.object({ article: text, body: text }),
    ms: [90, 300],
    endpoint: "https://kb.internal/articles",
    connector: "kb",
    effect: "write",
    answer: ({ article }) => ({ article, revision: whole(20, 90) }),
  },
  "search.read": {
    says: "Search the web and the document store.",
    input: z.object({ query: text, limit: z.number().optional() }),
    ms: [150, 600],
    endpoint: "https://search.internal/v2/query",
    connector: "search",
    effect: "read",
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
    connector: "web",
    effect: "read",
    answer: ({ url }) => ({ url, status: 200, excerpt: "Quarterly revenue grew by four per cent …" }),
  },
  "doc.read": {
    says: "Read a document of the archive.",
    input: z.object({ document: text }),
    ms: [120, 500],
    endpoint: "https://docs.internal/documents",
    connector: "documents",
    effect: "read",
    answer: ({ document }) => ({ document, pages: whole(3, 14) }),
  },
  "ticket.search": {
    says: "Find tickets like this one.",
    input: z.object({ text }),
    ms: [80, 350],
    endpoint: "https://tickets.internal/search",
    connector: "tickets",
    effect: "read",
    answer: () => ({ similar: [`SUP-${whole(1000, 9000)}`], count: 1 }),
  },
  "ticket.create": {
    says: "Open a ticket.",
    input: z.object({ title: text, queue: text, priority: text }),
    ms: [150, 500],
    endpoint: "https://tickets.internal/tickets",
    connector: "tickets",
    effect: "write",
    answer: ({ queue }) => ({ ticket: `SUP-${whole(1000, 9000)}`, queue, status: "open" }),
  },
  "email.send": {
    says: "Send an e-mail.",
    input: z.object({ to: text, subject: text, body: text }),
    ms: [120, 400],
    endpoint: "https://mail.internal/send",
    connector: "mail",
    effect: "write",
    touches: ({ to }) => `mail:${to}`,
    facts: ({ to }) => outside(to),
    answer: ({ to }) => ({ queued: true, to, message_id: `m-${whole(1e5, 9e5)}` }),
  },
  "db.query": {
    says: "Ask the warehouse.",
    input: z.object({ sql: text }),
    ms: [200, 800],
    endpoint: "https://warehouse.internal/query",
    connector: "warehouse",
    effect: "read",
    answer: () => ({ rows: whole(12, 400), sample: [{ region: "north", revenue: whole(10_000, 90_000) }] }),
  },
  "db.write": {
    says: "Change the warehouse.",
    input: z.object({ sql: text }),
    ms: [200, 800],
    endpoint: "https://warehouse.internal/write",
    connector: "warehouse",
    effect: "write",
    answer: () => ({ rows: 1 }),
  },
  "report.publish": {
    says: "Publish a report.",
    input: z.object({ report: text, summary: text }),
    ms: [150, 450],
    endpoint: "https://reports.internal/publish",
    connector: "reports",
    effect: "write",
    answer: ({ report }) => ({ report, url: `https://reports.internal/${whole(100, 999)}` }),
  },
  "erp.invoice": {
    says: "Look up an invoice in the ERP.",
    input: z.object({ invoice: text }),
    ms: [100, 400],
    endpoint: "https://erp.internal/invoices",
    connector: "erp",
    effect: "read",
    answer: ({ invoice }) => ({ invoice, purchase_order: `PO-${whole(100, 999)}`, total: whole(90, 9000) }),
  },
  "erp.match": {
    says: "Match an invoice to its purchase order.",
    input: z.object({ invoice: text, purchase_order: text }),
    ms: [100, 400],
    endpoint: "https://erp.internal/matches",
    connector: "erp",
    effect: "write",
    answer: ({ invoice }) => ({ invoice, matched: true }),
  },
  "order.read": {
    says: "Read an order.",
    input: z.object({ order: text }),
    ms: [60, 250],
    endpoint: "https://shop.internal/orders",
    connector: "shop",
    effect: "read",
    answer: ({ order }) => ({ order, total: whole(20, 400), status: "delivered" }),
  },
  "refund.create": {
    says: "Refund an order.",
    input: z.object({ order: text, amount: z.number() }),
    ms: [200, 700],
    endpoint: "https://payments.internal/refunds",
    connector: "payments",
    effect: "irreversible",
    touches: ({ order }) => `order:${order}`,
    answer: ({ order, amount }) => ({ refund: `rf_${whole(1e5, 9e5)}`, order, amount, status: "done" }),
  },
  "crm.read": {
    says: "Read a customer's record.",
    input: z.object({ customer: text }),
    ms: [60, 250],
    endpoint: "https://crm.internal/customers",
    connector: "crm",
    effect: "read",
    answer: ({ customer }) => ({ customer, plan: "team", seats: whole(3, 60) }),
  },
};
