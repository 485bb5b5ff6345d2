import type { Ctx } from "../platform/ctx";
import type { ApprovalRow, Stage } from "./store";

export type Voter = { personId: string; name: string; email: string; roles: readonly string[]; isKey: boolean };

/** Who speaks, as far as a ladder asks: a key of scope `approve` speaks for its person, as an approver. */
export function voterOf({ actor }: Ctx): Voter | null {
  switch (actor.type) {
    case "person":
      return { personId: actor.id, name: actor.name, email: actor.email, roles: actor.roles, isKey: false };
    case "key":
      return {
        personId: actor.personId,
        name: `${actor.personName} by key ${actor.name}`,
        email: actor.personEmail,
        roles: actor.scopes.includes("approve") ? ["approver"] : [],
        isKey: true,
      };
    case "system":
      return null;
  }
}

export const stageOf = (a: Pick<ApprovalRow, "ladder" | "stage">): Stage | undefined => a.ladder[a.stage];

function asked(stage: Stage, voter: Voter): boolean {
  const named = stage.people?.some((p) => p.toLowerCase() === voter.email.toLowerCase()) ?? false;
  const roles = stage.roles?.length ? stage.roles : stage.people?.length ? [] : ["approver"];
  const byRole = roles.some((r) => voter.roles.includes(r)) || (roles.length > 0 && voter.roles.includes("admin"));
  return named || byRole;
}

/** Why this person may not vote on it now; null: they may. Pure. */
export function whyNot(a: ApprovalRow, voter: Voter | null, selfApproval: boolean): string | null {
  if (a.status !== "pending") return `It is ${a.status} already.`;
  if (a.over) return "Its time is over.";
  const stage = stageOf(a);
  if (!voter || !stage) return "Nobody is signed in.";
  if (!selfApproval && voter.personId === a.requestedPerson)
    return "You, or your key, asked for this: somebody else decides.";
  if (stage.machine) return "A validator is being asked first.";
  if (!asked(stage, voter)) {
    const whom = [...(stage.roles ?? []), ...(stage.people ?? [])].join(", ") || "approver";
    return `This stage asks ${whom}.`;
  }
  if (a.votes.some((v) => v.stage === a.stage && v.voter === voter.personId)) return "You have voted at this stage.";
  return null;
}

/** After this many yeses at the present stage: is the next one asked, is it approved, or does it wait for more votes? */
export function climb(a: Pick<ApprovalRow, "ladder" | "stage">, yeses: number): "wait" | "approved" | { next: number } {
  const stage = stageOf(a);
  if (stage && yeses < stage.quorum) return "wait";
  return a.stage + 1 < a.ladder.length ? { next: a.stage + 1 } : "approved";
}
