import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { listGrants, makeGrant } from "../lib/approvals";
import { putBudget } from "../lib/budgets";
import type { BudgetInput } from "../lib/budgets/schema";
import { configureControls } from "../lib/controls";
import { type Ctx, systemCtx } from "../lib/platform/ctx";
import { listPolicies, putPolicy } from "../lib/policies";
import { bootstrapDemo } from "../lib/tenancy";

/** What the demo's agents may still do in safe mode. */
const SAFE_TOOLS = ["kb.read", "search.read", "ticket.search", "doc.read", "order.read"];
const NOTE = "Came with the demo fleet";

const BUDGETS: BudgetInput[] = [
  {
    slug: "research-per-hour",
    scope: { kind: "agent", key: "research-agent" },
    metric: "usd",
    window: "hour",
    amount: 20,
    soft: { at: 0.5, then: "alert" },
    hard: false,
    note: "Counted only: the agent is observed",
  },
  {
    slug: "research-at-once",
    scope: { kind: "agent", key: "research-agent" },
    metric: "concurrent_runs",
    window: "run",
    amount: 4,
    soft: { at: 0.6, then: "alert" },
    hard: true,
    note: "Three instances, and one more",
  },
  {
    slug: "each-run",
    scope: { kind: "run" },
    metric: "usd",
    window: "run",
    amount: 1.5,
    soft: { at: 0.5, then: "alert" },
    hard: false,
    note: "A run that costs more than this goes in circles",
  },
  {
    slug: "fleet-per-day",
    scope: { kind: "environment" },
    metric: "usd",
    window: "day",
    amount: 400,
    soft: { at: 0.8, then: "alert" },
    hard: false,
    note: "What the whole fleet may cost",
  },
  {
    slug: "refunds-per-hour",
    scope: { kind: "tool", key: "refund.create" },
    metric: "tool_calls",
    window: "hour",
    amount: 60,
    soft: { at: 0.8, then: "alert" },
    hard: true,
    note: "More than any quiet hour has seen",
  },
  {
    slug: "invoice-errors",
    scope: { kind: "task_type", key: "invoice_matching" },
    metric: "error_rate",
    window: "hour",
    amount: 0.2,
    hard: false,
    note: "One invoice in five may fail",
  },
];

/** Policies, budgets and one standing grant, once: what somebody then changes or deletes stays as they left it. */
async function plant(ctx: Ctx): Promise<void> {
  const folder = path.resolve("demo/policies");
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const { items } = await listPolicies(ctx, {});
  const known = new Set(items.map((policy) => policy.policy_id));
  if (files.some((name) => known.has(path.parse(name).name))) return;
  for (const name of files) {
    const text = readFileSync(path.join(folder, name), "utf8");
    await putPolicy(ctx, { policy_id: path.parse(name).name, text, format: "yaml", note: NOTE, if_match: 0 });
  }
  for (const budget of BUDGETS) await putBudget(ctx, budget);
  const { items: grants } = await listGrants(ctx, {});
  if (grants.length > 0) return;
  await makeGrant(ctx, {
    agent_id: "refund-clerk",
    tool: "refund.create",
    condition: "args.amount <= 80",
    reason: "Small refunds are cheaper than the minutes of a person",
    max_uses: 500,
    expires_in_s: 30 * 86_400,
  });
}

/** The fleet's key, its person and its rules. Everything is done once, and not again at the next start. */
export async function prepareDemo(key: string): Promise<void> {
  const { environmentId, isNew } = await bootstrapDemo(key);
  if (environmentId === null) return;
  const ctx = systemCtx(environmentId, "demo");
  if (isNew) await configureControls(ctx, { safe_mode_tools: SAFE_TOOLS });
  await plant(ctx);
}
