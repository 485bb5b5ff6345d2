import { keyFor } from "../../budgets";
import type { Facts, Held } from "./facts";
import type { Judged, Part } from "./part";
import { enforced, everywhere, value } from "./policy";
import { question } from "./question";

const CAPS = [
  ["tokens", "budgets.max_tokens"],
  ["steps", "budgets.max_steps"],
  ["usd", "budgets.max_usd"],
] as const;
function cap(f: Facts, metric: (typeof CAPS)[number][0], key: string): Part {
  const budgetOf = (h: Held) =>
    f.budgets.find(
      (b) =>
        b.hard &&
        b.window === "run" &&
        b.metric === metric &&
        b.scopeKind !== "tool" &&
        b.scopeKind !== "stage" &&
        b.scopeKind !== "tenant" &&
        keyFor(b, { agentId: f.agentId, tenantId: null, taskType: h.taskType ?? "", runId: "" }, null, null) !== null &&
        (b.scopeKind !== "run" || b.scopeKey === ""),
    );
  const first = f.held[0];
  const budget = first && budgetOf(first);
  const words = { tokens: "tokens", steps: "steps", usd: "US dollars" }[metric];
  const by = budget ? `budget ${budget.slug}` : `${key} ${String(first && value(first, key))}`;
  return {
    ...everywhere(
      f,
      (h) => h.mode === "enforce" && (typeof value(h, key) === "number" || budgetOf(h) !== undefined),
      `A hard cap on ${words} per run: ${by}`,
      `No hard cap on ${words} per run`,
    ),
    ...(budget ? { path: `/budgets?budget=${encodeURIComponent(budget.slug)}` } : {}),
  };
}
export const hardCaps = (f: Facts): Judged =>
  question(4, "hard_caps", "Is there a hard cap on tokens, steps and spend in each run?", [
    ...enforced(f),
    ...CAPS.map(([metric, key]) => cap(f, metric, key)),
  ]);
