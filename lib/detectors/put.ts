import type { z } from "zod";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, type FieldError, notFound } from "../platform/errors";
import { writeSql } from "../platform/verb";
import { CATEGORIES } from "./catalogue";
import { DEFAULT_RULES } from "./catalogue/rules";
import { METRICS, type MetricName } from "./metrics";
import type { Rule } from "./rule";
import { deleteRuleInput, ruleInput } from "./schema";
import { type Condition, parseSentence, sayCondition, settled } from "./sentence";
import { ruleOut } from "./shape";
import * as store from "./store/rules";

type Body = z.output<typeof ruleInput>;
const refuse = (path: string, message: string): never => {
  throw new Failure("invalid_input", message, { errors: [{ path, message }] });
};

/** The condition of a body: its sentence, or its metric, operator and threshold. Never both, never half. */
function conditionOf(body: Body): Condition {
  if (body.sentence !== undefined) {
    const both = (["metric", "op", "threshold"] as const).find((k) => body[k] !== undefined);
    if (both) refuse(both, "The sentence says this already: give one or the other.");
    const parsed = parseSentence(body.sentence);
    if (!parsed.ok) return refuse("sentence", parsed.message);
    return {
      ...parsed.condition,
      scope: { ...body.scope, ...parsed.condition.scope },
      per: body.per ?? parsed.condition.per,
    };
  }
  if (body.metric === undefined) return refuse("metric", "Give a sentence, or a metric with a threshold.");
  if (body.threshold === undefined) return refuse("threshold", "How much is too much?");
  const over = body.per != null && body.per !== "run";
  if (over && body.aggregate == null && METRICS[body.metric].of === "run")
    refuse("aggregate", "Over many runs: say how their values become one.");
  return settled({
    metric: body.metric as MetricName,
    aggregate: body.aggregate ?? null,
    per: body.per ?? "run",
    op: body.op ?? ">",
    threshold: body.threshold,
    windowS: body.window_s ?? null,
    scope: body.scope ?? {},
  });
}

function check(rule: Rule): FieldError[] {
  const errors: FieldError[] = [];
  const say = (path: string, message: string) => errors.push({ path, message });
  if (!CATEGORIES.some((c) => c.slug === rule.category))
    say("category", `There is no category ${rule.category} in the catalogue.`);
  const windowOnly = METRICS[rule.metric].of === "window";
  if (rule.per === "run" && (rule.aggregate !== null || windowOnly))
    say("per", "This is no single run's: say whose it is.");
  const over = rule.op.startsWith(">");
  if (
    rule.warnThreshold !== null &&
    (over ? rule.warnThreshold >= rule.threshold : rule.warnThreshold <= rule.threshold)
  )
    say("warn_threshold", "A warning comes before the alert.");
  if (rule.actions.includes("stop_run") && rule.per !== "run")
    say("actions", "Only a rule on single runs can stop one.");
  if (rule.actions.includes("safe_mode") && !["run", "agent"].includes(rule.per))
    say("actions", "Safe mode is an agent's: the rule is about none.");
  return errors;
}

/** A whole rule, in the caller's transaction. @throws Failure `invalid_input` with the path */
export async function writeRule(tx: Sql, ctx: Ctx, body: Body) {
  const rule: Rule = {
    slug: body.slug,
    category: body.category,
    failure: body.failure ?? null,
    ...conditionOf(body),
    name: body.name ?? DEFAULT_RULES.find((r) => r.slug === body.slug)?.name ?? body.slug,
    warnThreshold: body.warn_threshold ?? null,
    exemptTools: body.exempt_tools,
    severity: body.severity,
    mode: body.mode,
    actions: [...new Set(body.actions)],
    noDataS: body.no_data_s ?? null,
    renotifyS: body.renotify_s ?? null,
  };
  const errors = check(rule);
  if (errors[0]) throw new Failure("invalid_input", errors[0].message, { errors });
  const stored = await store.putRule(
    tx,
    ctx.environmentId,
    rule,
    ctx.actor.type === "key" ? ctx.actor.personName : ctx.actor.name,
  );
  const [facts, seen] = [await store.firings(tx, ctx.environmentId), await store.dataSeen(tx, ctx.environmentId)];
  return ruleOut(stored, facts.get(rule.slug), seen, Date.now());
}

/** A whole rule, as the next revision; of a slug of the catalogue it takes that rule's place. @throws Failure `invalid_input` */
export const putRule = writeSql("rule.put", {
  needs: "rules.write",
  input: ruleInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.ruleBySlug(tx, ctx.environmentId, input.slug);
    const value = await writeRule(tx, ctx, input);
    return {
      value,
      audit: {
        target: { type: "rule", id: input.slug },
        summary: `set rule ${input.slug} (${value.mode}): ${value.sentence}`,
        before: before
          ? { sentence: sayCondition(before), mode: before.mode, severity: before.severity, actions: before.actions }
          : undefined,
        after: value,
      },
    };
  },
});

/** Deletes what was written here; of a slug of the catalogue the rule as it ships comes back. @throws Failure `not_found` */
export const deleteRule = writeSql("rule.delete", {
  needs: "rules.write",
  input: deleteRuleInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.ruleBySlug(tx, ctx.environmentId, input.slug);
    if (!before || !(await store.deleteRule(tx, ctx.environmentId, input.slug))) throw notFound("rule");
    const shipped = DEFAULT_RULES.some((r) => r.slug === input.slug);
    return {
      value: { slug: input.slug, deleted: true, now: shipped ? ("catalogue" as const) : null },
      audit: {
        target: { type: "rule", id: input.slug },
        summary: `deleted rule ${input.slug}${shipped ? "; the catalogue's is back" : ""}${input.reason ? `: ${input.reason}` : ""}`,
        before: { sentence: sayCondition(before), mode: before.mode },
      },
    };
  },
});
