import { CATEGORIES } from "../detectors";
import { METRICS, type RuleShape } from "../detectors/schema";
import { matches } from "../platform/authz";
import { read } from "../platform/verb";
import { inventory } from "./reads";
import { type Cell, type Coverage, FAILURE_STATES, type FailureShape, type Lack, nothing } from "./schema";
import * as store from "./store";

const DAY = 86_400_000;
const covers = (patterns: readonly string[], agent: string) =>
  patterns.length === 0 || patterns.some((p) => matches(p, agent));
const watches = (rule: RuleShape, agent: string) =>
  rule.scope.agent_id === undefined || matches(rule.scope.agent_id, agent);

const why = (f: FailureShape, what: Lack): string => {
  switch (what) {
    case "rule":
      return "No rule would tell.";
    case "arming":
      return "Its rule is written, and not armed before launch.";
    case "owner":
      return f.owner ? `${f.owner.name}: ${f.owner.problem}` : "Nobody answers for it.";
    case "runbook":
      return "Whoever is woken finds no first move.";
    case "data":
      return `No data arrives for ${f.rules
        .filter((r) => r.mode !== "off")
        .map((r) => r.metric)
        .join(", ")}.`;
    case "review":
      return `To be looked at on ${f.triage.review_at}.`;
  }
};

/** Would this failure be noticed on this agent? From the rules' scopes, from alerts, and from what data arrives. */
export function cellOf(
  agent: string,
  category: string,
  entries: readonly FailureShape[],
  rules: readonly RuleShape[],
  facts: store.Facts,
): Cell {
  if (entries.length > 0 && entries.every((f) => !covers(f.agents, agent))) return "not_applicable";
  if (facts.fired.has(`${category} ${agent}`)) return "fired";
  const own = rules.filter((r) => watches(r, agent));
  const armed = own.filter((r) => r.mode !== "off");
  if (armed.length === 0) return own.length > 0 ? "written" : "no_rule";
  const data = facts.data.get(agent);
  return armed.some((r) => data?.has(METRICS[r.metric].needs)) ? "armed" : "blind";
}

/** What is covered, what is missing, and which failure would be noticed on which agent. */
export const coverage = read("failure.coverage", {
  needs: "failures.read",
  input: nothing,
  run: async ({ tx, ctx }): Promise<Coverage> => {
    const [{ items, rules }, facts] = await Promise.all([inventory(tx, ctx), store.facts(tx.sql, ctx.environmentId)]);
    const now = ctx.now().getTime();
    const count = (is: (f: FailureShape) => boolean) => items.filter(is).length;
    const states = Object.fromEntries(FAILURE_STATES.map((s) => [s, count((f) => f.state === s)]));
    const rows = CATEGORIES.map((c) => {
      const entries = items.filter((f) => f.category === c.slug);
      const own = rules.filter((r) => r.category === c.slug);
      return {
        category: c.slug,
        entries: entries.map((f) => f.slug),
        cells: facts.agents.map((agent) => cellOf(agent, c.slug, entries, own, facts)),
      };
    });
    return {
      entries: items.length,
      states: states as Coverage["states"],
      pre_launch: count((f) => f.triage.when === "pre_launch"),
      needs_work: count((f) => f.missing.length > 0),
      fired_7d: count((f) => f.fired_at !== null && now - Date.parse(f.fired_at) < 7 * DAY),
      overdue: count((f) => f.triage.overdue),
      missing: items.flatMap((f) =>
        f.missing.map((what) => ({ failure: f.slug, name: f.name, category: f.category, what, why: why(f, what) })),
      ),
      without_entry: CATEGORIES.filter((c) => !items.some((f) => f.category === c.slug)).map((c) => ({
        category: c.slug,
        name: c.name,
        rules: rules.filter((r) => r.category === c.slug && r.mode !== "off").length,
      })),
      agents: facts.agents,
      agents_left_off: facts.agentsLeftOff,
      rows,
    };
  },
});
