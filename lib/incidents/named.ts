import { writtenRules } from "../detectors";
import { categoryOf, failuresOf } from "../failures";
import { assertBound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import * as store from "./store";

export const wrong = (path: string, message: string): Failure =>
  new Failure("invalid_input", message, { errors: [{ path, message }] });

/** The person who is meant. @throws Failure `invalid_input` at `commander` */
export async function commanderOf(tx: Sql, environmentId: string, said: string): Promise<store.PersonFacts> {
  const person = await store.person(tx, environmentId, said);
  if (!person?.member) throw wrong("commander", `Nobody with a role in this environment is known as "${said}".`);
  if (person.disabled) throw wrong("commander", `${person.name} can no longer sign in. Name somebody who can.`);
  return person;
}
/** @throws Failure `invalid_input` at `failure` */
export async function entryOf(tx: Sql, environmentId: string, slug: string) {
  const found = (await failuresOf(tx, environmentId)).find((f) => f.slug === slug);
  if (!found) throw wrong("failure", `The inventory has no entry ${slug}: adopt one by POST /failures/adopt.`);
  return found;
}
/** @throws Failure `invalid_input` at `category` */
export const categoryIn = (slug: string): string => categoryOf(slug).slug;

const missing = (path: string, what: string): Failure =>
  new Failure("not_found", `There is no such ${what} here.`, {
    errors: [{ path, message: `There is no such ${what} here.` }],
  });

/** Alerts and runs of this environment that the caller may see. @throws Failure `not_found` with the path | `forbidden` */
export async function evidenceBy(tx: Sql, ctx: Ctx, alertIds: readonly string[], runIds: readonly string[]) {
  const found = await store.alertsHeld(tx, ctx.environmentId, alertIds);
  const runs = await store.runsBy(tx, ctx.environmentId, runIds);
  alertIds.forEach((id, n) => {
    if (!found.some((a) => a.alert_id === id)) throw missing(`alert_ids[${n}]`, "alert");
  });
  runIds.forEach((id, n) => {
    if (!runs.some((r) => r.run_id === id)) throw missing(`run_ids[${n}]`, "run");
  });
  for (const a of found) assertBound(ctx, a.agent_id, a.tenant_id);
  for (const r of runs) assertBound(ctx, r.agent_id, r.tenant_id);
  return { alerts: found, runs };
}

/** @throws Failure `invalid_input` where there is no such version, or it is older than the incident */
export async function checkPolicyChange(
  tx: Sql,
  environmentId: string,
  change: store.PolicyChange,
  since: Date,
): Promise<void> {
  if (change.none !== undefined || change.policy_id === undefined || change.version === undefined) return;
  const version = await store.policyVersion(tx, environmentId, change.policy_id, change.version);
  if (!version)
    throw wrong("policy_change.version", `There is no version ${change.version} of ${change.policy_id} here.`);
  if (version.created_at < since)
    throw wrong(
      "policy_change.version",
      `Version ${change.version} is older than the incident: it changed nothing since.`,
    );
}
/** The change with its revision. @throws Failure `invalid_input` where the rule is not there, or was not written since */
export async function checkRuleChange(
  tx: Sql,
  environmentId: string,
  change: store.RuleChange,
  since: Date,
): Promise<store.RuleChange> {
  if (change.none !== undefined || change.rule === undefined) return change;
  const rule = (await writtenRules(tx, environmentId)).find((r) => r.slug === change.rule);
  if (!rule) throw wrong("rule_change.rule", `There is no rule ${change.rule} that was written or changed here.`);
  if (change.revision !== undefined && change.revision !== rule.revision)
    throw wrong("rule_change.revision", `The rule is at revision ${rule.revision}.`);
  if (rule.updatedAt < since)
    throw wrong("rule_change.rule", `It was last changed before the incident began: nothing is new since.`);
  return { rule: rule.slug, revision: rule.revision };
}
