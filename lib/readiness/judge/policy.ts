import type { Facts, Held } from "./facts";
import type { Part } from "./part";

export const effectivePath = (f: Facts, held?: Held): string => {
  const task = held?.taskType ? `&task_type=${encodeURIComponent(held.taskType)}` : "";
  return `/policies/effective?agent_id=${encodeURIComponent(f.agentId)}${task}`;
};
export const value = (h: Held, key: string): unknown => h.lines.get(key)?.value;
export const said = (h: Held, key: string): boolean => h.lines.get(key)?.said === true;
const of = (h: Held): string => (h.taskType === null ? "" : ` for ${h.taskType}`);

/** It must hold in every task type that the version was seen in; the first where it does not speaks. */
export function everywhere(f: Facts, holds: (h: Held) => boolean | null, yes: string, no: string): Part {
  const wrong = f.held.find((h) => holds(h) !== true);
  if (!wrong) return { ok: true, say: yes, path: effectivePath(f, f.held[0]) };
  return { ok: holds(wrong), say: `${no}${of(wrong)}`, mend: ["Open its policy", effectivePath(f, wrong)] };
}

/** Some document decides for it, and it asks: else no cap and no list holds anything. */
export function enforced(f: Facts): Part[] {
  const documents = [...new Set(f.held.flatMap((h) => h.documents))];
  const policy = everywhere(
    f,
    (h) => h.mode === "enforce",
    `A policy is enforced: ${documents.join(", ")}`,
    f.held.some((h) => h.mode === "observe") ? "Its policy only observes" : "No policy is in force",
  );
  const asks: Part = f.gated
    ? { ok: true, say: "It asks before it acts", path: `/agents/${encodeURIComponent(f.agentId)}` }
    : {
        ok: false,
        say: "It is cooperative: it tells what it did, and asks nobody before",
        mend: ["Connect its gate", "/connect"],
      };
  return [policy, asks];
}
