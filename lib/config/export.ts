import { Document, parseDocument } from "yaml";
import { budgetsOf, plainShape } from "../budgets";
import { settingsOf } from "../controls";
import { failureBodyOf, failuresOf } from "../failures";
import { read } from "../platform/verb";
import { policiesInUse } from "../policies";
import { editedPrices } from "../runs";
import { ownCanaries } from "./canaries";
import { ownChannels } from "./channels";
import { ownChecklists } from "./checklists";
import { ownEvaluators } from "./evaluators";
import { ownRules } from "./inventory";
import { byName } from "./plan";
import { nothing } from "./schema";
import { ownTargets } from "./targets";

/** Without what the database adds, and without what nobody set. */
function budgetBody(row: Parameters<typeof plainShape>[0]) {
  const { scope, metric, window, amount, soft, hard, note } = plainShape(row);
  return {
    scope: { kind: scope.kind, ...(scope.key ? { key: scope.key } : {}) },
    metric,
    window,
    amount,
    ...(soft ? { soft } : {}),
    ...(hard ? {} : { hard }),
    ...(note ? { note } : {}),
  };
}

/** What a canary showed is no configuration, and neither is one that is over. */
const goesOn = (canary: Record<string, unknown>, now: Date): boolean =>
  typeof canary.ended_at !== "string" || Date.parse(canary.ended_at) > now.getTime();

/** The whole configuration as one YAML text, in a fixed order: the same configuration is the same bytes. Comments of policies stay. */
export const exportConfig = read("config.export", {
  needs: "policies.read",
  input: nothing,
  run: async ({ tx, ctx }): Promise<{ text: string }> => {
    const [policies, budgets, failures, rules, prices, settings] = await Promise.all([
      policiesInUse(tx.sql, ctx.environmentId),
      budgetsOf(tx.sql, ctx.environmentId),
      failuresOf(tx.sql, ctx.environmentId),
      ownRules(ctx),
      editedPrices(tx.sql, ctx.environmentId),
      settingsOf(tx.sql, ctx.environmentId),
    ]);
    const { sql } = tx;
    const [channels, targets, checklists, canaries, evaluators] = await Promise.all([
      ownChannels(sql, ctx.environmentId),
      ownTargets(sql, ctx.environmentId),
      ownChecklists(sql, ctx.environmentId),
      ownCanaries(sql, ctx.environmentId),
      ownEvaluators(sql, ctx.environmentId),
    ]);
    const ahead = [...canaries].filter(([, c]) => goesOn(c, ctx.now()));
    const file = new Document({
      interlock: 1,
      settings,
      policies: {},
      budgets: {},
      failures: {},
      rules: {},
      channels: {},
      targets: {},
      checklists: {},
      canaries: {},
      evaluators: {},
      prices: {},
    });
    for (const p of policies) {
      const text = parseDocument(p.source);
      if (p.document.state === undefined && p.state !== "enforce") text.set("state", p.state);
      file.setIn(["policies", p.policyId], text.contents);
    }
    for (const b of budgets) file.setIn(["budgets", b.slug], file.createNode(budgetBody(b)));
    for (const f of failures) file.setIn(["failures", f.slug], file.createNode(failureBodyOf(f, f.ownerEmail)));
    for (const [slug, body] of rules) file.setIn(["rules", slug], file.createNode(body));
    for (const [section, entries] of Object.entries({ channels, targets, checklists, canaries: ahead, evaluators }))
      for (const [slug, body] of byName(entries)) file.setIn([section, slug], file.createNode(body));
    for (const [model, p] of [...prices].sort(([a], [b]) => a.localeCompare(b)))
      file.setIn(
        ["prices", model],
        file.createNode({
          input_usd: p.input,
          output_usd: p.output,
          ...(p.cached === null ? {} : { cached_usd: p.cached }),
        }),
      );
    return { text: file.toString({ lineWidth: 120 }) };
  },
});
