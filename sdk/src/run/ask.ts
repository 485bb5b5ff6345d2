import { randomUUID } from "node:crypto";
import { passing } from "../api.js";
import { ApprovalPending, Unavailable } from "../errors.js";
import { backoff, sleep } from "../time.js";
import type { CallOptions } from "../tool.js";
import type { ApprovalState, Decision, Question } from "../wire.js";
import type { Life } from "./life.js";
import { refusalOf, runProblem } from "./refusal.js";

const APPROVAL_WAIT_S = 55;

export type Asking = Pick<CallOptions, "approval" | "onAsked">;

/**
 * May this happen? Waits where it has to, and for a person where one is asked.
 * @returns an allow or a replay
 * @throws Denied | ApprovalRefused | ApprovalPending | ToolFailed (circuit open) | BudgetExhausted | LoopDetected | GoalDrift | Stopped | LeaseLost | Unavailable: nothing may be done
 */
export async function ask(life: Life, question: Question, how: Asking = {}): Promise<Decision> {
  const { api, runId, signal } = life;
  let approvalId = question.approval_id;
  // Beyond a soft limit another model is named: it is asked for in its place, once each.
  const models = [question.model];
  for (;;) {
    await life.pass();
    const body = {
      ...question,
      model: models.at(-1),
      run_id: runId,
      request_id: randomUUID(),
      instance_id: api.settings.instanceId,
      lease_token: life.lease.token,
      ...(approvalId ? { approval_id: approvalId } : {}),
    };
    const answer = await api.call("POST", "v1/decisions", body, { signal, forMs: api.settings.patienceMs });
    if (passing(answer.status)) throw new Unavailable("Nobody decided on the call: Interlock cannot be reached.");
    if (answer.status !== 200) {
      const error = runProblem(answer, `asking for ${question.tool ?? question.model ?? question.kind}`);
      if (answer.status === 404 || answer.status === 409) life.end(error);
      throw error;
    }
    const decision = answer.body as unknown as Decision;
    life.clock(decision.remaining);
    switch (decision.outcome) {
      case "allow":
      case "replay":
        return models.length === 1
          ? decision
          : { ...decision, limits: { ...decision.limits, use_model: models.at(-1) ?? null } };
      case "wait":
        await sleep(decision.retry_after_ms ?? 1_000, signal);
        break;
      case "require_approval": {
        const { approval } = decision;
        if (!approval) throw refusalOf(decision);
        const asked = { id: approval.id, url: approval.url, expiresAt: approval.expires_at };
        if (how.approval === "return") throw new ApprovalPending(decision.message, asked);
        how.onAsked?.(asked);
        await life.waiting(() => verdict(life, approval.id, decision.code === "effect_unknown"));
        approvalId = approval.id;
        break;
      }
      case "deny": {
        const { use_model: instead } = decision.limits;
        if (question.kind === "model" && instead && !models.includes(instead)) {
          models.push(instead);
          break;
        }
        api.settings.onEvent({ kind: "refused", message: `${question.tool ?? question.kind}: ${decision.message}` });
        const error = refusalOf(decision);
        if (error.stopReason === "kill_switch") life.end(error);
        throw error;
      }
    }
  }
}

/** Waits for a person. `once`: where an outcome is unknown somebody may settle it instead of answering, so one look is enough. */
export async function verdict(life: Life, id: string, once = false): Promise<ApprovalState["status"]> {
  const path = `v1/approvals/${encodeURIComponent(id)}?wait_s=${APPROVAL_WAIT_S}`;
  for (let attempt = 0; ; ) {
    const answer = await life.api.call("GET", path, undefined, {
      signal: life.signal,
      timeoutMs: (APPROVAL_WAIT_S + 10) * 1000,
    });
    if (answer.status === 200) {
      const { status } = answer.body as unknown as ApprovalState;
      if (status !== "pending" || once) return status;
      attempt = 0;
    } else if (passing(answer.status)) await sleep(backoff(attempt++), life.signal);
    else throw runProblem(answer, "waiting for a person");
  }
}
