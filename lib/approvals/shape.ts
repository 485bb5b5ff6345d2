import type { Ctx } from "../platform/ctx";
import { voterOf, whyNot } from "./ladder";
import type { ApprovalShape } from "./schema";
import type { ApprovalRow } from "./store";

/** An approval as it is shown; what is over and not swept yet is told as over. */
export function shapeOf(a: ApprovalRow, ctx: Ctx, selfApproval: boolean): ApprovalShape {
  const why = whyNot(a, voterOf(ctx), selfApproval);
  const intent = a.question.intent ?? null;
  return {
    id: a.approvalId,
    status: a.over && (a.status === "pending" || a.status === "approved") ? "expired" : a.status,
    expires_at: a.expiresAt.toISOString(),
    stage: a.stage,
    stages: a.ladder.map((s) => ({
      name: s.name ?? null,
      roles: s.roles ?? (s.people?.length || s.machine ? [] : ["approver"]),
      people: s.people ?? [],
      machine: s.machine ?? null,
      quorum: s.quorum,
      timeout_s: s.timeout_s,
      on_timeout: s.on_timeout,
    })),
    stage_due_at: a.stageDueAt.toISOString(),
    frozen_at: a.frozenAt?.toISOString() ?? null,
    votes: a.votes.map((v) => ({ stage: v.stage, voter: v.voterName, verdict: v.verdict, reason: v.reason, at: v.at })),
    run_id: a.runId,
    agent_id: a.agentId,
    tenant_id: a.tenantId,
    task_type: a.taskType,
    kind: a.kind,
    tool: a.tool,
    model: a.model,
    connector: a.connector,
    effect: a.effect,
    args_hash: a.question.args_hash ?? "",
    intent,
    rule: a.rule,
    says: a.says,
    policy: a.policyId !== null && a.policyVersion !== null ? { id: a.policyId, version: a.policyVersion } : null,
    requested_at: a.requestedAt.toISOString(),
    requested_by: a.requestedName,
    settled_at: a.settledAt?.toISOString() ?? null,
    settled_by: a.settledBy,
    settle_reason: a.settleReason,
    effect_id: a.effectId,
    broken_glass: a.brokenGlass,
    review: a.reviewState ? { state: a.reviewState, note: a.reviewNote, by: a.reviewedBy } : null,
    for_me: why === null,
    why_not_me: why,
  };
}
