import { matches } from "../../platform/authz";
import type { TargetShape } from "../schema";
import type { Facts } from "./facts";
import { type Judged, judged, type Part } from "./part";

const covers = (f: Facts, t: TargetShape): boolean =>
  t.agent_ids.length === 0 || t.agent_ids.some((a) => matches(a, f.agentId));

/** What users reach is what is watched: each target of the agent by itself. */
export function targets(f: Facts): Judged[] {
  const own = f.targets.filter((t) => covers(f, t));
  const none: Part = {
    ok: null,
    say: "Not known: no watched target says where users reach it",
    mend: ["Add a target", "/readiness?tab=targets"],
  };
  if (own.length === 0)
    return [judged({ check: "target", group: "target", title: "Its watched target is verified" }, [none])];
  return own.map((t) => {
    const path = `/readiness?tab=targets&target=${encodeURIComponent(t.slug)}`;
    const parts: Part[] = t.gate.ok
      ? [{ ok: true, say: `${t.why} ${t.screenshot?.by ?? ""} has seen the list`, path }]
      : t.gate.missing.map((say): Part => ({ ok: false, say, mend: ["Verify it", path] }));
    return judged({ check: `target.${t.slug}`, group: "target", title: `Watched target: ${t.name}` }, parts);
  });
}
