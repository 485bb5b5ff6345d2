import { isDeepStrictEqual } from "node:util";
import { Document, isMap, type Node, parseDocument } from "yaml";
import { budgetsOf, plainShape, writeBudget } from "../budgets";
import { budgetInput } from "../budgets/schema";
import { publish, settingsOf, writeSettings } from "../controls";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { parse, read, writeSql } from "../platform/verb";
import { addPolicyVersion, checkDocument, policiesInUse } from "../policies";
import { editedPrices, writePrice } from "../runs";
import { planCanaries } from "./canaries";
import { planChannels } from "./channels";
import { planChecklists } from "./checklists";
import { planEvaluators } from "./evaluators";
import { planInventory } from "./inventory";
import { type Add, type Change, type Plan, under } from "./plan";
import { type ConfigFile, configFile, importInput } from "./schema";
import { planTargets } from "./targets";

function readFile(text: string): { file: ConfigFile; policyText: (id: string) => string } {
  const parsed = parseDocument(text, { uniqueKeys: true });
  const [problem] = parsed.errors;
  if (problem) throw new Failure("bad_request", `Not YAML: ${problem.message.split("\n")[0]}`);
  const file = parse(configFile, parsed.toJS({ maxAliasCount: 100 }));
  const policyText = (id: string): string => {
    const policies = parsed.get("policies");
    const node = isMap(policies) ? policies.get(id, true) : undefined;
    return new Document(node as unknown as Node).toString({ lineWidth: 120 });
  };
  return { file, policyText };
}

/** What an import would change, and how; what is the same already is left alone, and nothing is deleted. */
async function planOf(tx: Sql, ctx: Ctx, text: string, note: string): Promise<Plan> {
  const { environmentId } = ctx;
  const { file, policyText } = readFile(text);
  const changes: Change[] = [];
  const work: Plan["apply"][] = [];
  const add: Add = (kind, id, known, apply) => {
    changes.push({ kind, id, change: known ? "changed" : "added" });
    work.push(apply);
  };

  const now = await settingsOf(tx, environmentId);
  const wanted = file.settings;
  if (wanted && !isDeepStrictEqual({ ...now, ...wanted }, now))
    add("settings", "settings", true, (t, c) => writeSettings(t, c.environmentId, wanted));

  const policies = new Map((await policiesInUse(tx, environmentId)).map((p) => [p.policyId, p]));
  for (const [id, value] of Object.entries(file.policies ?? {})) {
    const document = under(`policies.${id}`, () => checkDocument(value));
    const state = document.state ?? "enforce";
    const known = policies.get(id);
    if (known && known.state === state && isDeepStrictEqual({ ...known.document, state }, { ...document, state }))
      continue;
    const next = { state, document, source: policyText(id), format: "yaml" as const, note };
    add("policy", id, known !== undefined, async (t, c) => {
      await addPolicyVersion(t, c, id, next);
    });
  }

  const budgets = new Map((await budgetsOf(tx, environmentId)).map((b) => [b.slug, plainShape(b)]));
  for (const [slug, value] of Object.entries(file.budgets ?? {})) {
    const body = under(`budgets.${slug}`, () => parse(budgetInput, { slug, ...value }));
    const known = budgets.get(slug);
    const same =
      known !== undefined &&
      known.metric === body.metric &&
      known.window === body.window &&
      known.amount === body.amount &&
      known.hard === body.hard &&
      isDeepStrictEqual(known.scope, { kind: body.scope.kind, key: body.scope.key ?? null }) &&
      isDeepStrictEqual(known.soft, body.soft ?? null) &&
      known.note === (body.note ?? null);
    if (!same)
      add("budget", slug, known !== undefined, async (t, c) => {
        await writeBudget(t, c, body);
      });
  }

  await planInventory(tx, ctx, file, note, add);
  for (const plan of [planChannels, planTargets, planChecklists, planCanaries, planEvaluators])
    await plan(tx, environmentId, file, add);

  const prices = await editedPrices(tx, environmentId);
  for (const [model, p] of Object.entries(file.prices ?? {})) {
    const known = prices.get(model);
    if (
      known &&
      known.input === p.input_usd &&
      known.output === p.output_usd &&
      known.cached === (p.cached_usd ?? null)
    )
      continue;
    add("price", model, known !== undefined, async (t, c) => {
      await writePrice(t, c.environmentId, { model, ...p });
    });
  }
  return {
    changes,
    apply: async (t, c) => {
      for (const one of work) await one(t, c);
      if (changes.some((x) => x.kind === "budget")) await publish(t, c.environmentId);
    },
  };
}

/** Everything of the file that differs, in one transaction with one audit row; a mistake anywhere keeps all of it out. @throws Failure `invalid_input` | `bad_request` */
export const importConfig = writeSql("config.import", {
  needs: "policies.write",
  input: importInput,
  run: async ({ tx, ctx, input }) => {
    const plan = await planOf(tx, ctx, input.text, input.note ?? "Imported");
    await plan.apply(tx, ctx);
    const { changes } = plan;
    return {
      value: { changes },
      audit: {
        target: { type: "environment", id: ctx.environmentId },
        summary: `imported a configuration: ${
          changes.length === 0
            ? "nothing differed"
            : changes
                .map((c) => `${c.change} ${c.kind} ${c.id}`)
                .join(", ")
                .slice(0, 800)
        }`,
        after: { changes },
      },
    };
  },
});

/** What an import would change. @throws Failure `invalid_input` | `bad_request` */
export const tryImport = read("config.try_import", {
  needs: "policies.read",
  input: importInput,
  run: async ({ tx, ctx, input }) => ({ changes: (await planOf(tx.sql, ctx, input.text, "")).changes }),
});
