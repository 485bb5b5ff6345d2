import type { ApprovalShape, GrantShape } from "@/lib/approvals/schema";
import { counted } from "../kit/numbers";

const two = (n: number): string => String(n).padStart(2, "0");

/** "0:38", "11:42", "1:02:05"; from a day on "2 d 3 h". */
export function clock(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [d, h, m] = [Math.floor(whole / 86_400), Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (d > 0) return `${d} d ${h % 24} h`;
  return h > 0 ? `${h}:${two(m)}:${two(whole % 60)}` : `${m}:${two(whole % 60)}`;
}

/** From here on the clock is amber. */
const LATE = 0.75;

export type Clock = {
  waited: string;
  /** What happens to it, and when: "escalates in 3:18". */
  due: string;
  used: number;
  late: boolean;
};

/** How long it waits, and what its stage's clock will do; a stop holds that clock. */
export function clockOf(a: ApprovalShape, now: number): Clock {
  const stage = a.stages[a.stage];
  const at = a.frozen_at ? Date.parse(a.frozen_at) : now;
  const left = Date.parse(a.stage_due_at) - at;
  const length = (stage?.timeout_s ?? 0) * 1000;
  const used = length > 0 ? Math.min(1, Math.max(0, 1 - left / length)) : 1;
  const act = stage?.on_timeout === "escalate" && a.stage < a.stages.length - 1 ? "escalates" : "expires";
  return {
    waited: clock(now - Date.parse(a.requested_at)),
    due: a.frozen_at ? `clock held at ${clock(left)}` : left <= 0 ? `${act} now` : `${act} in ${clock(left)}`,
    used,
    late: used >= LATE && !a.frozen_at,
  };
}

/** What is asked for, in the contract's name. */
export const nameOf = (a: Pick<ApprovalShape, "tool" | "model" | "kind">): string => a.tool ?? a.model ?? a.kind;

/** "triage-bot for acme_corp". */
export const whoOf = (a: Pick<ApprovalShape, "agent_id" | "tenant_id">): string =>
  a.tenant_id ? `${a.agent_id} for ${a.tenant_id}` : a.agent_id;

export const stageWords = (a: ApprovalShape): string => `stage ${a.stage + 1} of ${Math.max(1, a.stages.length)}`;

/** Who is asked at a stage, as far as the ladder says. */
export function askedOf(stage: ApprovalShape["stages"][number]): string {
  if (stage.machine) return stage.machine;
  const who = [...stage.people, ...stage.roles.map((role) => `role ${role.replace("_", " ")}`)];
  return `${stage.quorum} of: ${who.length > 0 ? who.join(", ") : "role approver"}`;
}

export const stageName = (stage: ApprovalShape["stages"][number], index: number): string =>
  stage.name ?? (stage.machine ? "Validator" : `Stage ${index + 1}`);

/** Only such may share one verdict: one tool, one rule, one stage, and nothing that cannot be undone. */
const kindOf = (a: ApprovalShape): string => JSON.stringify([a.tool, a.model, a.rule, a.stage, a.agent_id]);
export const alike = (a: ApprovalShape, b: ApprovalShape): boolean => kindOf(a) === kindOf(b);

/** Why a case cannot stand in a batch; null: it can. */
export function notInBatch(a: ApprovalShape, first: ApprovalShape | undefined): string | null {
  if (a.status !== "pending") return "decided";
  if (a.effect === "irreversible") return "never in a batch";
  if (!a.for_me) return "not for you";
  if (first && !alike(a, first)) return "not alike";
  return null;
}

/** Are there two that could go together? */
export function anyAlike(queue: ApprovalShape[]): boolean {
  const kinds = queue.filter((each) => notInBatch(each, undefined) === null).map(kindOf);
  return new Set(kinds).size < kinds.length;
}

/** As many as a person can still read side by side. */
export const BATCH_MAX = 20;

export const grantName = (g: GrantShape): string => `${g.tool} by ${g.agent_id}`;
export const silenced = (g: GrantShape): number => g.silences.reduce((sum, each) => sum + each.calls, 0);
export const usesWords = (g: GrantShape): string =>
  g.max_uses === null ? counted(g.uses, "use") : `${g.uses} of ${counted(g.max_uses, "use")}`;

/** Where there is little room, an address says its first part. */
export const personWords = (who: string): string => who.split("@")[0] ?? who;

export const approvalHref = (environment: string, id: string): string =>
  `/${environment}/approvals/${encodeURIComponent(id)}`;
export const reviewIsOpen = (a: ApprovalShape): boolean => a.review?.state === "open";
