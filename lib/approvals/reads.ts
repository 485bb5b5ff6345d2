import { assertBound, bound, boundTo } from "../platform/authz";
import { notFound } from "../platform/errors";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { voterOf, whyNot } from "./ladder";
import { linkOf } from "./link";
import {
  approvalInput,
  type CaseShape,
  type CountsShape,
  grantIdInput,
  linkInput,
  listApprovalsInput,
  listGrantsInput,
  nothing,
} from "./schema";
import { shapeOf } from "./shape";
import * as store from "./store";
import { around, runOf } from "./store/case";
import * as grantStore from "./store/grants";

export const listApprovals = read("approval.list", {
  needs: "approvals.read",
  input: listApprovalsInput,
  run: async ({ tx, ctx, input }) => {
    const self = await store.selfApproval(tx.sql, ctx.environmentId);
    if (input.mine) {
      const all = await store.pending(tx.sql, ctx.environmentId);
      const items = all
        .map((a) => shapeOf(a, ctx, self))
        .filter((a) => a.for_me && bound(ctx, a.agent_id, a.tenant_id));
      return { items: items.slice(0, input.limit), next_cursor: null };
    }
    const filter = {
      status: input.status ?? null,
      settled: input.settled === "true",
      runId: input.run_id ?? null,
      agentId: input.agent_id ?? null,
      tool: input.tool ?? null,
      review: input.review === "open",
      ...boundTo(ctx),
    };
    const rows = await store.approvals(tx.sql, ctx.environmentId, filter, {
      limit: input.limit,
      after: decodeCursor(input.cursor, 2),
    });
    return pageOf(
      rows,
      input.limit,
      (r) => [r.us, r.approvalId],
      (r) => shapeOf(r, ctx, self),
    );
  },
});

/** @throws Failure `not_found` */
export const getApproval = read("approval.get", {
  needs: "approvals.read",
  input: approvalInput,
  run: async ({ tx, ctx, input }) => {
    const row = await store.approval(tx.sql, ctx.environmentId, input.approval_id);
    if (!row) throw notFound("approval");
    assertBound(ctx, row.agentId, row.tenantId);
    return shapeOf(row, ctx, await store.selfApproval(tx.sql, ctx.environmentId));
  },
});

/** The case as the approver sees it: the exact arguments, the run so far, what was said to others like it. @throws Failure `not_found` */
export const getCase = read("approval.case", {
  needs: "approvals.read",
  input: approvalInput.pick({ approval_id: true }),
  run: async ({ tx, ctx, input }): Promise<CaseShape> => {
    const row = await store.approval(tx.sql, ctx.environmentId, input.approval_id);
    if (!row) throw notFound("approval");
    assertBound(ctx, row.agentId, row.tenantId);
    const [self, near, run] = await Promise.all([
      store.selfApproval(tx.sql, ctx.environmentId),
      around(tx.sql, row),
      runOf(tx.sql, row),
    ]);
    const { actor } = ctx;
    const glass =
      actor.type === "person" &&
      row.status === "pending" &&
      !row.over &&
      actor.roles.some((r) => row.breakGlassRoles.includes(r)) &&
      (self || actor.id !== row.requestedPerson);
    return {
      ...shapeOf(row, ctx, self),
      args: row.args,
      facts: row.question.facts ?? {},
      estimate: row.question.estimate ?? null,
      compensation: row.question.compensation ?? null,
      may_break_glass: glass,
      run,
      ...near,
    };
  },
});

export const approvalCounts = read("approval.counts", {
  needs: "approvals.read",
  input: nothing,
  run: async ({ tx, ctx }): Promise<CountsShape> => {
    const [rows, self, more] = await Promise.all([
      store.pending(tx.sql, ctx.environmentId),
      store.selfApproval(tx.sql, ctx.environmentId),
      store.counts(tx.sql, ctx.environmentId),
    ]);
    const waiting = rows.filter((r) => !r.over);
    const voter = voterOf(ctx);
    return {
      pending: waiting.length,
      mine: waiting.filter((r) => whyNot(r, voter, self) === null).length,
      irreversible: waiting.filter((r) => r.effect === "irreversible").length,
      ...more,
      oldest: waiting[0]?.requestedAt.toISOString() ?? null,
      self_approval: self,
    };
  },
});

export const listGrants = read("grant.list", {
  needs: "approvals.read",
  input: listGrantsInput,
  run: async ({ tx, ctx, input }) => ({
    items: await grantStore.grants(tx.sql, ctx.environmentId, input.active === "true"),
    next_cursor: null,
  }),
});

/** @throws Failure `not_found` */
export const getGrant = read("grant.get", {
  needs: "approvals.read",
  input: grantIdInput,
  run: async ({ tx, ctx, input }) => {
    const grant = await grantStore.grant(tx.sql, ctx.environmentId, input.grant_id);
    if (!grant) throw notFound("grant");
    return grant;
  },
});

/** Which case a signed link means. It opens nothing by itself: whoever follows it is signed in, and asked again there. @throws Failure `not_found` */
export const openLink = read("approval.link", {
  needs: "approvals.read",
  input: linkInput,
  run: async ({ input }) => linkOf(input.token),
});
