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
 *   touches?: (args: any) => string, facts?: (args: any) => Record<string, string>, answer: (args: any) => unknown, writtenAs?: (answer: any) => string }} Made
 * `writtenAs` is the other side's name of what was written.
 */
const text = z.string();
const OWN_DOMAIN = "shop.example";
const SENTENCE =
  "The order leaves the warehouse on the day after it was paid, unless the customer has asked for another day. ";
/** Something to read. @param {number} tokens about four characters each */
export const prose = (tokens) => SENTENCE.repeat(Math.ceil((tokens * 4) / SENTENCE.length)).slice(0, tokens * 4);

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
    answer: ({ article }) => ({
      article,
      title: `How we handle ${article}`,
      updated: "2026-10-02",
      text: prose(whole(300, 900)),
    }),
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
      excerpt: prose(whole(100, 400)),
    }),
  },
  "web.fetch": {
    says: "Fetch a page.",
    input: z.object({ url: text }),
    ms: [200, 900],
    endpoint: "https://fetch.internal/page",
    connector: "web",
    effect: "read",
    answer: ({ url }) => ({ url, status: 200, excerpt: prose(whole(900, 2_500)) }),
  },
  "doc.read": {
    says: "Read a document of the archive.",
    input: z.object({ document: text }),
    ms: [120, 500],
    endpoint: "https://docs.internal/documents",
    connector: "documents",
    effect: "read",
    answer: ({ document }) =>
      document.endsWith("exhibits")
        ? { document, pages: 214, text: prose(92_000) }
        : { document, pages: 9, text: prose(whole(1_500, 3_500)) },
  },
  "ticket.search": {
    says: "Find tickets like this one.",
    input: z.object({ text }),
    ms: [80, 350],
    endpoint: "https://tickets.internal/search",
    connector: "tickets",
    effect: "read",
    answer: () => ({ similar: [`SUP-${whole(1000, 9000)}`], count: 1, text: prose(whole(60, 300)) }),
  },
  "ticket.create": {
    says: "Open a ticket.",
    input: z.object({ title: text, queue: text, priority: text }),
    ms: [150, 500],
    endpoint: "https://tickets.internal/tickets",
    connector: "tickets",
    effect: "write",
    answer: ({ queue }) => ({ ticket: `SUP-${whole(1000, 9000)}`, queue, status: "open" }),
    writtenAs: ({ ticket }) => ticket,
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
    writtenAs: ({ message_id }) => message_id,
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
    writtenAs: ({ url }) => url,
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
    // The same order has the same total, whenever it is asked for.
    answer: ({ order }) => ({ order, total: 20 + ((Number(order.slice(2)) * 37) % 381), status: "delivered" }),
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
    writtenAs: ({ refund }) => refund,
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
