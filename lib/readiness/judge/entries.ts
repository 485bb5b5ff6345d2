import { METRICS } from "../../detectors/schema";
import type { FailureShape } from "../../failures/schema";
import { matches } from "../../platform/authz";
import type { Facts } from "./facts";
import { type Judged, judged, list, type Part } from "./part";
import { covers, sees } from "./rules";

const path = (e: FailureShape): string => `/failures/${encodeURIComponent(e.slug)}`;
const mine = (f: Facts): FailureShape[] =>
  f.failures.filter((e) => e.agents.length === 0 || e.agents.some((a) => matches(a, f.agentId)));

/** Armed for this agent: a rule of the entry that covers it, is not off, and sees data of it. */
function arming(f: Facts, e: FailureShape): Part {
  const rules = e.rules.filter((r) => covers(f, r));
  const on = rules.filter((r) => r.mode !== "off");
  const seeing = on.find((r) => sees(f, r));
  if (seeing) return { ok: true, say: `Armed: ${seeing.sentence}`, path: path(e) };
  const [blind] = on;
  if (blind)
    return {
      ok: false,
      say: `Blind: no ${METRICS[blind.metric].needs} for ${blind.metric} came from ${f.agentId} within a week`,
      mend: ["Send data", path(e)],
    };
  return rules.length > 0
    ? { ok: false, say: "Its rule is written and not armed", mend: ["Arm it", path(e)] }
    : { ok: false, say: "It has no rule that would tell", mend: ["Write its rule", path(e)] };
}
const owning = (e: FailureShape): Part =>
  e.owner === null
    ? { ok: false, say: "Nobody owns it", mend: ["Name an owner", path(e)] }
    : e.owner.problem
      ? { ok: false, say: `${e.owner.name} owns it: ${e.owner.problem}`, mend: ["Name an owner", path(e)] }
      : { ok: true, say: `${e.owner.name} owns it`, path: path(e) };

/** Each pre-launch entry of the inventory is a condition of its own; without any the gate knows nothing. */
export function entries(f: Facts): Judged[] {
  const own = mine(f);
  const pre = own.filter((e) => e.triage.when === "pre_launch");
  const overdue = own.filter((e) => e.triage.overdue);
  const [late] = overdue;
  const reviews: Part = late
    ? {
        ok: false,
        say: `Review is overdue: ${list(overdue.map((e) => `${e.name} (${e.triage.review_at})`))}`,
        mend: ["Review it", path(late)],
      }
    : { ok: true, say: "No deferred entry is overdue for review", path: "/failures" };
  const none: Part = {
    ok: null,
    say: "Not known: the inventory has no pre-launch entry for it, so nobody has said what must be watched",
    mend: ["Adopt entries", "/failures?tab=catalogue"],
  };
  return [
    ...(pre.length === 0 ? [judged({ check: "entries", group: "entry", title: "Pre-launch entries" }, [none])] : []),
    ...pre.map((e) => judged({ check: `entry.${e.slug}`, group: "entry", title: e.name }, [arming(f, e), owning(e)])),
    judged({ check: "reviews", group: "entry", title: "Deferred entries are reviewed in time" }, [reviews]),
  ];
}
