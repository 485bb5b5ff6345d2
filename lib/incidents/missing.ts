import type { FieldError } from "../platform/errors";
import type { CheckName } from "./schema";
import type { EffectCounts, IncidentRow } from "./store";

export type Check = { check: CheckName; met: boolean; says: string; why: string | null; errors: FieldError[] };
type Facts = {
  row: IncidentRow;
  entry: string | null;
  effects: EffectCounts;
  /** Those that nobody has validated, at most 500. */
  open: readonly { effect_id: string; tool: string; status: string }[];
};

const PARTS = [
  ["what_happened", "What happened, in the order in which it did."],
  ["root_cause", "Why it could happen."],
  ["what_helped", "What made it shorter or smaller."],
  ["what_hindered", "What made it longer or larger."],
] as const;

const one = (check: CheckName, missing: string | null, met: string, unmet: string, path: string = check): Check => ({
  check,
  met: missing === null,
  says: missing === null ? met : unmet,
  why: missing,
  errors: missing === null ? [] : [{ path, message: missing }],
});
const said = (change: { none?: string } | null, what: string): string =>
  change?.none === undefined ? what : `${what.replace(/:.*$/, "")}: none, with a reason`;

/** What must stand before an incident is closed: all of it, met or not, in the order in which people do it. */
export function checksOf({ row, entry, effects, open }: Facts): Check[] {
  const left = effects.total - effects.validated;
  const empty = PARTS.filter(([part]) => row[part].trim() === "");
  const noEntry =
    row.failure === null ? "Choose the entry that it is, or adopt one." : `There is no entry ${row.failure} any more.`;
  const { policy_change: policy, rule_change: rule, regression_case: regression } = row;
  return [
    one(
      "commander",
      row.commander_id === null ? "Somebody commands it, by name." : null,
      `Commander: ${row.commander_name ?? row.commander_id ?? ""}`,
      "Nobody commands",
    ),
    {
      check: "effects",
      met: left === 0,
      says:
        effects.total === 0
          ? "No writes to validate"
          : left === 0
            ? `${effects.total} of ${effects.total} effects validated`
            : `${left} of ${effects.total} effects not validated`,
      why: left === 0 ? null : "A person looks at each write of its runs, and says how it is.",
      errors: open.map((e) => ({
        path: `effects[${e.effect_id}]`,
        message: `${e.tool} is ${e.status.replace("_", " ")}: nobody has said how it is.`,
      })),
    },
    one(
      "status",
      row.resolved_at === null ? `It is ${row.status}: resolve it first.` : null,
      "Resolved",
      `Not resolved: ${row.status}`,
    ),
    one("failure", entry === null ? noEntry : null, `Entry chosen: ${entry ?? ""}`, "No inventory entry"),
    one(
      "actual",
      row.actual === null ? "What was predicted is compared with what was." : null,
      "Predicted against actual",
      "Predicted against actual is empty",
    ),
    {
      check: "post_mortem",
      met: empty.length === 0,
      says:
        empty.length === 0
          ? "Post-mortem"
          : `Post-mortem has ${empty.length} empty part${empty.length === 1 ? "" : "s"}`,
      why: empty.length === 0 ? null : empty.map(([, message]) => message).join(" "),
      errors: empty.map(([part, message]) => ({ path: `post_mortem.${part}`, message })),
    },
    one(
      "policy_change",
      policy === null ? "Name the version that changes it, or say why none does." : null,
      said(policy, `Policy changed: ${policy?.policy_id ?? ""} ${policy?.version ?? ""}`),
      "No policy change",
    ),
    one(
      "rule_change",
      rule === null ? "Name the rule that would tell sooner, or say why none does." : null,
      said(rule, `Rule changed: ${rule?.rule ?? ""}`),
      row.recurrence_of === null ? "No rule change" : `No new rule since ${row.recurrence_of}`,
    ),
    one(
      "regression_case",
      regression === null ? "Write the case that would have caught it, or say why there is none." : null,
      said(regression, `Regression case: ${regression?.name ?? ""}`),
      "No regression case",
    ),
  ];
}
