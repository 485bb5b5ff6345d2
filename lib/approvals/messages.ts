import type { Message } from "../notifications";
import { stageOf } from "./ladder";
import { tokenFor } from "./link";
import type { ApprovalRow } from "./store";

const FACTS = 5;
const clock = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
const nameOf = (a: ApprovalRow): string => a.tool ?? a.model ?? a.kind;

/** Amounts only: no other value of what was asked leaves by a message. */
function amounts(a: ApprovalRow): { label: string; value: string }[] {
  const facts = Object.entries(a.question.facts ?? {}).slice(0, 50);
  const found = facts.flatMap(([label, value]) =>
    typeof value === "number" && Number.isFinite(value) ? [{ label, value: String(value) }] : [],
  );
  return found.slice(0, FACTS);
}

const common = (a: ApprovalRow) => ({
  environmentId: a.environmentId,
  topic: "approvals" as const,
  path: `/approvals/${encodeURIComponent(a.approvalId)}`,
  linkPath: `/a/${tokenFor(a.environmentId, a.approvalId)}`,
  agentId: a.agentId,
});
const factsOf = (a: ApprovalRow) => [
  { label: "Agent", value: a.agentId },
  { label: a.tool ? "Tool" : a.model ? "Model" : "Kind", value: nameOf(a) },
  ...(a.effect ? [{ label: "Effect", value: a.effect }] : []),
  ...amounts(a),
];

function whom(a: ApprovalRow): string {
  const stage = stageOf(a);
  const asked = [...(stage?.roles ?? []), ...(stage?.people ?? [])];
  const who = asked.length > 0 ? asked.join(", ") : "approver";
  return stage && stage.quorum > 1 ? `${who} (${stage.quorum} of them)` : who;
}

const TITLE = {
  opened: (what: string) => `A verdict is asked: ${what}`,
  reminder: (what: string) => `Still waiting for a verdict: ${what}`,
  updated: (what: string) => `A verdict is asked of the next stage: ${what}`,
};

/** A question that waits for people, with the signed link to its case. */
export function questionMessage(a: ApprovalRow, event: "opened" | "reminder" | "updated"): Message {
  const what = `${nameOf(a)} by ${a.agentId}`;
  const then =
    stageOf(a)?.on_timeout === "escalate" && a.stage + 1 < a.ladder.length ? "the next stage is asked" : "it expires";
  const asks =
    a.kind === "effect_unknown"
      ? `${a.agentId} asks to call ${nameOf(a)} again: nobody knows whether the first call was done.`
      : `${a.agentId} asks to ${a.tool ? "call" : "use"} ${nameOf(a)}${a.effect ? ` (${a.effect})` : ""}.`;
  return {
    ...common(a),
    severity: a.effect === "irreversible" || event === "updated" ? "high" : "warning",
    event,
    dedupeKey: `approval:${a.approvalId}`,
    title: TITLE[event](what),
    text: `${asks}\nAsked of ${whom(a)}, until ${clock(a.stageDueAt)}; without a word ${then}.`,
    facts: [...factsOf(a), { label: "Asked of", value: whom(a) }, { label: "By", value: clock(a.stageDueAt) }],
  };
}

function endOf(a: ApprovalRow): { word: string; said: string } {
  const by = a.settledBy ?? "somebody";
  const why = a.settleReason ?? "";
  switch (a.status) {
    case "approved":
    case "used":
      return a.brokenGlass
        ? { word: "Approved past its ladder", said: `${by} broke the glass for it: ${why}` }
        : { word: "Approved", said: `${by} approved it: ${why}` };
    case "denied":
      return { word: "Denied", said: `${by} denied it: ${why}` };
    case "cancelled":
      return { word: "Withdrawn", said: why };
    case "expired":
    case "pending":
      return { word: "Expired", said: why };
  }
}

/** How a question ended that people were told of, as severe as they heard of it: whoever took its opening takes its end. */
export function endMessage(a: ApprovalRow, severity: Message["severity"]): Message {
  const { linkPath: _, ...where } = common(a);
  const { word, said } = endOf(a);
  return {
    ...where,
    severity,
    event: "resolved",
    dedupeKey: `approval:${a.approvalId}`,
    title: `${word}: ${nameOf(a)} by ${a.agentId}`,
    text: said,
    facts: [...factsOf(a), { label: "Ended", value: word.toLowerCase() }],
  };
}

/** Somebody approved past the ladder: said at once, to everybody who listens. */
export function glassMessage(a: ApprovalRow, by: string, reason: string, forS: number): Message {
  return {
    ...common(a),
    severity: "critical",
    event: "opened",
    dedupeKey: `glass:${a.approvalId}`,
    title: `Glass broken by ${by}: ${nameOf(a)} by ${a.agentId}`,
    text: `${by} approved this one case past its ladder, for ${forS / 60} minutes: ${reason}\nSomebody else must close its review.`,
    facts: [...factsOf(a), { label: "Broken by", value: by }, { label: "Review", value: "open" }],
  };
}

/** Its review is closed: what the glass opened is over. */
export const reviewedMessage = (a: ApprovalRow, by: string, note: string): Message => ({
  ...common(a),
  severity: "critical",
  event: "resolved",
  dedupeKey: `glass:${a.approvalId}`,
  title: `Review closed by ${by}: ${nameOf(a)} by ${a.agentId}`,
  text: `${by} closed the review of the glass that ${a.settledBy ?? "somebody"} broke: ${note}`,
  facts: [...factsOf(a), { label: "Closed by", value: by }, { label: "Review", value: "closed" }],
});
