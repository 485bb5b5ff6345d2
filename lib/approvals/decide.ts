import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { assertBound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { parse, writeSql } from "../platform/verb";
import { climb, voterOf, whyNot } from "./ladder";
import { glassMessage, reviewedMessage } from "./messages";
import { batchVerdictInput, breakGlassInput, reviewInput, verdictInput } from "./schema";
import { shapeOf } from "./shape";
import * as store from "./store";

const GLASS_S = 15 * 60;

async function load(tx: Sql, ctx: Ctx, id: string) {
  const row = await store.approval(tx, ctx.environmentId, id, true);
  if (!row) throw notFound("approval");
  assertBound(ctx, row.agentId, row.tenantId);
  if (row.status === "expired" || row.status === "cancelled" || (row.status === "pending" && row.over))
    throw new Failure(
      "gone",
      row.status === "cancelled" ? "The question was withdrawn." : "Its time was over before this verdict.",
      {
        extra: { approval_status: row.status === "pending" ? "expired" : row.status },
      },
    );
  if (row.status === "pending" && (await store.runEnded(tx, row)))
    throw new Failure("gone", "The run that asked has ended.", { extra: { approval_status: "cancelled" } });
  return row;
}

const shown = (row: store.ApprovalRow) => ({
  tool: row.tool,
  run_id: row.runId,
  args_hash: row.question.args_hash,
  stage: row.stage,
});

/** Moves a question on by its votes. Shared with the machine stage. */
export async function advance(
  tx: Sql,
  row: store.ApprovalRow,
  by: string,
  reason: string,
  yeses: number,
): Promise<string> {
  const step = climb(row, yeses);
  if (step === "wait") return "pending";
  if (step === "approved") {
    await store.settle(tx, row.environmentId, row.approvalId, { status: "approved", by, reason });
    return "approved";
  }
  const next = row.ladder[step.next];
  await store.toStage(
    tx,
    row.environmentId,
    row.approvalId,
    step.next,
    next?.timeout_s ?? 3_600,
    next?.remind_after_s ?? null,
  );
  return "pending";
}

/**
 * A person's word on one question. Nobody decides what they, or their key, asked for.
 * @throws Failure `not_found` | `forbidden` (not asked, or asked for it) | `conflict` (settled) | `gone` (too late)
 */
export const giveVerdict = writeSql("approval.verdict", {
  needs: "approvals.decide",
  input: verdictInput,
  run: async ({ tx, ctx, input }) => {
    const row = await load(tx, ctx, input.approval_id);
    if (row.status !== "pending")
      throw new Failure("conflict", `It was ${row.status} already, by ${row.settledBy ?? "somebody"}.`, {
        extra: { approval_status: row.status },
      });
    const voter = voterOf(ctx);
    const no = whyNot(row, voter, await store.selfApproval(tx, ctx.environmentId));
    if (no !== null || !voter) throw new Failure("forbidden", no ?? "Nobody is signed in.");
    const vote = {
      stage: row.stage,
      voter: voter.personId,
      voterName: voter.name,
      verdict: input.verdict,
      reason: input.reason,
    };
    await store.addVote(tx, ctx.environmentId, row.approvalId, vote);
    const yeses = row.votes.filter((v) => v.stage === row.stage && v.verdict === "approve").length + 1;
    if (input.verdict === "deny")
      await store.settle(tx, ctx.environmentId, row.approvalId, {
        status: "denied",
        by: voter.name,
        reason: input.reason,
      });
    else await advance(tx, row, voter.name, input.reason, yeses);
    const after = await store.approval(tx, ctx.environmentId, row.approvalId);
    if (!after) throw notFound("approval");
    const what = row.tool ?? row.model ?? row.kind;
    return {
      value: shapeOf(after, ctx, true),
      audit: {
        target: { type: "approval", id: row.approvalId },
        summary: `${input.verdict === "deny" ? "denied" : "approved"} ${what} of ${row.agentId}: ${input.reason}`,
        before: { status: "pending", ...shown(row) },
        after: { status: after.status, stage: after.stage },
      },
    };
  },
});

export type BatchItem = { approval_id: string; ok: boolean; status?: string; code?: string; message?: string };

/** One verdict on several questions: each is its own, with its own audit row, and one that fails stops no other. */
export async function giveVerdicts(ctx: Ctx, raw: unknown): Promise<{ items: BatchItem[]; settled: number }> {
  const input = parse(batchVerdictInput, raw);
  const items: BatchItem[] = [];
  for (const approval_id of new Set(input.approval_ids)) {
    try {
      const { status } = await giveVerdict(ctx, { approval_id, verdict: input.verdict, reason: input.reason });
      items.push({ approval_id, ok: true, status });
    } catch (err) {
      if (!(err instanceof Failure)) throw err;
      items.push({ approval_id, ok: false, code: err.code, message: err.message });
    }
  }
  return { items, settled: items.filter((i) => i.ok).length };
}

/**
 * Approves this one case past its ladder, for 15 minutes, and opens a review that somebody must close. The decision that
 * spends it is judged again: never over a deny, a switch or a hard cap.
 * @throws Failure `forbidden` | `not_found` | `conflict` | `gone`
 */
export const breakGlass = writeSql("approval.break_glass", {
  needs: "approvals.break_glass",
  input: breakGlassInput,
  run: async ({ tx, ctx, input }) => {
    const { actor } = ctx;
    if (actor.type !== "person") throw new Failure("forbidden", "Only a person in a session breaks the glass.");
    const row = await load(tx, ctx, input.approval_id);
    if (!actor.roles.some((r) => row.breakGlassRoles.includes(r)))
      throw new Failure("forbidden", `The policy lets ${row.breakGlassRoles.join(", ") || "nobody"} break this glass.`);
    if (actor.id === row.requestedPerson && !(await store.selfApproval(tx, ctx.environmentId)))
      throw new Failure("forbidden", "You, or your key, asked for this: somebody else decides.");
    const done = await store.settle(tx, ctx.environmentId, row.approvalId, {
      status: "approved",
      by: actor.name,
      person: actor.id,
      reason: input.reason,
      expiresInS: GLASS_S,
      brokenGlass: true,
    });
    if (!done)
      throw new Failure("conflict", `It was ${row.status} already.`, { extra: { approval_status: row.status } });
    await notify(tx, glassMessage(row, actor.name, input.reason, GLASS_S));
    announce(ctx.environmentId, "approvals", "audit");
    return {
      value: { approval_id: row.approvalId, status: "approved", expires_in_s: GLASS_S, review: "open" },
      audit: {
        target: { type: "approval", id: row.approvalId },
        summary: `BROKE THE GLASS for ${row.tool ?? row.model ?? row.kind} of ${row.agentId}: ${input.reason}`,
        before: { status: "pending", ...shown(row) },
        after: { status: "approved", broken_glass: true, review_state: "open" },
      },
    };
  },
});

/** @throws Failure `not_found` | `forbidden` (whoever broke it does not review it) | `conflict` (closed) */
export const closeReview = writeSql("approval.review", {
  needs: "approvals.break_glass",
  input: reviewInput,
  run: async ({ tx, ctx, input }) => {
    const row = await store.approval(tx, ctx.environmentId, input.approval_id, true);
    if (!row) throw notFound("approval");
    const { actor } = ctx;
    if (actor.type !== "person") throw new Failure("forbidden", "Only a person in a session reviews.");
    if (row.settledPerson === actor.id && row.brokenGlass && !(await store.selfApproval(tx, ctx.environmentId)))
      throw new Failure("forbidden", "You broke this glass: somebody else reviews it.");
    if (!(await store.closeReview(tx, ctx.environmentId, row.approvalId, input.note, actor.name)))
      throw new Failure(
        "conflict",
        row.reviewState === "closed" ? "This review is closed already." : "No glass was broken here.",
      );
    await notify(tx, reviewedMessage(row, actor.name, input.note));
    return {
      value: { approval_id: row.approvalId, review: "closed" },
      audit: {
        target: { type: "approval", id: row.approvalId },
        summary: `closed the review of the glass that ${row.settledBy} broke: ${input.note}`,
        before: { review_state: "open" },
        after: { review_state: "closed" },
      },
    };
  },
});
