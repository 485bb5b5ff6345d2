import { newId } from "../platform/ids";
import type { Ask } from "../policies";
import { canonicalJson, redact } from "../runs";
import type { Asked } from "./asked";
import { type Approval, type Book, type Effect, keyed } from "./book";

const MAX_SHOWN = 64 * 1024;

/** Puts one question before people: the ladder of the policy, an HTTP validator as its first stage where there is one. */
export function newApproval(
  book: Book,
  a: Asked,
  why: { kind: Approval["kind"]; asks: Ask[] },
  effect: Effect | null,
): Approval {
  const { approvals } = a.policy;
  const machines =
    why.kind === "policy"
      ? a.judged.machines.map((m) => ({
          name: "validator",
          machine: m.url,
          quorum: 1,
          timeout_s: 5,
          on_timeout: "escalate",
          roles: [],
          people: [],
        }))
      : [];
  const ladder = [...machines, ...approvals.ladder];
  const [first] = ladder;
  const stageDue = book.now + (first?.timeout_s ?? approvals.expiresS) * 1000;
  const longest = ladder.reduce((sum, s) => sum + s.timeout_s, 0) * 1000;
  const approval: Approval = {
    approvalId: newId("apr"),
    runId: a.question.run_id,
    subjectHash: a.subject,
    kind: why.kind,
    status: "pending",
    expiresAt: book.now + Math.min(approvals.expiresS * 1000, longest),
    requestedAt: book.now,
    effectId: null,
    settledBy: null,
    settleReason: null,
    frozen: false,
  };
  book.approvals.set(approval.approvalId, approval);
  book.subjects.set(keyed(approval.runId, approval.kind, approval.subjectHash), approval);
  const time = (ms: number) => new Date(ms).toISOString();
  const [ask] = why.asks;
  const remind = first && "remind_after_s" in first ? first.remind_after_s : undefined;
  const shown = a.call.args === undefined ? null : canonicalJson(redact(a.call.args));
  book.changes.approvals.push({
    approval_id: approval.approvalId,
    run_id: approval.runId,
    agent_id: a.of.agentId,
    tenant_id: a.of.tenantId,
    task_type: a.of.taskType,
    kind: why.kind,
    tool: a.call.tool,
    model: a.call.model,
    connector: a.judged.connectorName,
    effect: a.judged.effect,
    subject_hash: a.subject,
    args: shown !== null && shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown,
    question: {
      args_hash: a.argsHash,
      facts: redact(a.call.facts),
      intent: a.call.intent ? redact(a.call.intent) : null,
      estimate: a.question.estimate ?? null,
      compensation: a.judged.entry?.compensation ?? null,
      rules: why.asks.map((x) => ({ rule: x.rule, says: x.says, policy_id: x.ref?.id ?? null })),
      unknown_effect: why.kind === "effect_unknown" ? (effect?.effectId ?? null) : null,
    },
    decision_id: a.decisionId,
    rule: ask?.rule ?? "",
    says: why.asks.map((x) => x.says).join(" "),
    policy_id: ask?.ref?.id ?? null,
    policy_version: ask?.ref?.version ?? null,
    ladder,
    stage: 0,
    stage_due_at: time(Math.min(stageDue, approval.expiresAt)),
    remind_at: remind ? time(book.now + remind * 1000) : null,
    break_glass_roles: approvals.breakGlass,
    requested_key: a.by.keyId,
    requested_person: a.by.personId,
    requested_name: a.by.name,
    requested_at: time(book.now),
    expires_at: time(approval.expiresAt),
  });
  return approval;
}
