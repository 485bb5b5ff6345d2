import {
  approvalCounts,
  breakGlass,
  closeReview,
  getApproval,
  getCase,
  getGrant,
  giveVerdict,
  giveVerdicts,
  listApprovals,
  listGrants,
  makeGrant,
  openLink,
  revokeGrant,
  setSelfApproval,
  untilMoved,
} from "../../approvals";
import {
  approvalInput,
  approvalShape,
  batchVerdictInput,
  caseShape,
  countsShape,
  grantShape,
} from "../../approvals/schema";
import type { Ctx } from "../../platform/ctx";
import { type Call, type Endpoint, verb } from "../endpoint";
import { holdOpen } from "../keys-open";

const tag = "approvals";
const tells = ["approvals", "audit", "runs"] as const;
const LOOK_MS = 2_000;

/** Held until it is settled or the time is over. Nothing is kept between looks: the wait survives the server that began it. */
async function wait(ctx: Ctx, input: Record<string, unknown>, call: Call) {
  const until = Date.now() + Number(input.wait_s ?? 0) * 1000;
  let open = true;
  const letGo = holdOpen(ctx.actor.type === "key" ? ctx.actor.id : null, () => {
    open = false;
  });
  call.env.outgoing.once("close", () => {
    open = false;
  });
  try {
    for (;;) {
      const found = await getApproval(ctx, input as never);
      const left = until - Date.now();
      if (found.status !== "pending" || left <= 0 || !open) return found;
      await untilMoved(found.id, Math.min(left, LOOK_MS));
    }
  } finally {
    letGo();
  }
}

export const approvalRoutes: Endpoint[] = [
  verb(listApprovals, {
    method: "get",
    path: "/approvals",
    tag,
    summary: "Questions to people, newest first",
    output: approvalShape,
  }),
  verb(approvalCounts, {
    method: "get",
    path: "/approvals/counts",
    tag,
    summary: "What waits, and for whom",
    output: countsShape,
  }),
  verb(openLink, { method: "get", path: "/approvals/link/{token}", tag, summary: "Which case a signed link means" }),
  {
    method: "post",
    path: "/approvals/verdicts",
    tag,
    summary: "One verdict on several",
    input: batchVerdictInput,
    tells,
    run: (ctx, input) => giveVerdicts(ctx, input),
  },
  verb(setSelfApproval, {
    method: "put",
    path: "/approvals/settings",
    tag,
    summary: "May who asked also approve?",
    tells: ["approvals", "audit", "settings"],
  }),
  {
    method: "get",
    path: "/approvals/{approval_id}",
    tag,
    summary: "One question; with wait_s held until it is settled",
    input: approvalInput,
    output: approvalShape,
    run: wait,
  },
  verb(getCase, {
    method: "get",
    path: "/approvals/{approval_id}/case",
    tag,
    summary: "All that an approver needs to see",
    output: caseShape,
  }),
  verb(giveVerdict, {
    method: "post",
    path: "/approvals/{approval_id}/verdict",
    tag,
    summary: "Approve or deny",
    output: approvalShape,
    tells,
  }),
  verb(breakGlass, {
    method: "post",
    path: "/approvals/{approval_id}/break-glass",
    tag,
    summary: "Approve past the ladder, for 15 minutes",
    tells,
  }),
  verb(closeReview, {
    method: "post",
    path: "/approvals/{approval_id}/review",
    tag,
    summary: "Close the review of broken glass",
    tells,
  }),
  verb(listGrants, {
    method: "get",
    path: "/grants",
    tag,
    summary: "Standing grants and what they silence",
    output: grantShape,
  }),
  verb(makeGrant, {
    method: "post",
    path: "/grants",
    tag,
    summary: "A standing yes, with an end",
    output: grantShape,
    status: 201,
    tells,
  }),
  verb(getGrant, { method: "get", path: "/grants/{grant_id}", tag, summary: "One grant", output: grantShape }),
  verb(revokeGrant, { method: "post", path: "/grants/{grant_id}/revoke", tag, summary: "Take it back", tells }),
];
