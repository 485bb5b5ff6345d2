import { assertBound } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { listRunsInput, listSpansInput, runInput, spanInput } from "./schema";
import { byId } from "./store/lifecycle";
import * as queries from "./store/queries";
import { runOut, spanDetail, spanOut } from "./store/shape";

/** Newest first, by keyset; `total` on request, exact up to 10,000. */
export const listRuns = read("run.list", {
  needs: "runs.read",
  input: listRunsInput,
  run: async ({ tx, ctx, input }) => {
    const bySize = input.sort === "cost_usd";
    const rows = await queries.listRuns(tx.sql, ctx.environmentId, narrowed(ctx, input), decodeCursor(input.cursor, 2));
    const page = pageOf(
      rows,
      input.limit,
      (r) => [bySize ? r.cost_micros : r.started_at.toISOString(), r.run_id],
      runOut,
    );
    if (input.count !== "true") return page;
    const n = await queries.countRuns(tx.sql, ctx.environmentId, narrowed(ctx, input));
    return { ...page, total: Math.min(n, queries.COUNT_CAP), total_is_capped: n > queries.COUNT_CAP };
  },
});

/** A key that is bound to agents by exact name sees theirs; one bound by pattern asks for one of them. */
function narrowed<T extends { agent_id?: string[] | undefined; tenant_id?: string[] | undefined }>(
  ctx: Ctx,
  input: T,
): T {
  if (ctx.actor.type !== "key") return input;
  const narrow = (asked: string[] | undefined, allowed: readonly string[]) =>
    allowed.length === 0 ? asked : asked ? asked.filter((a) => allowed.includes(a)) : [...allowed];
  const agent_id = narrow(input.agent_id, ctx.actor.agentIds);
  const tenant_id = narrow(input.tenant_id, ctx.actor.tenantIds);
  return {
    ...input,
    agent_id: agent_id?.length === 0 ? [""] : agent_id,
    tenant_id: tenant_id?.length === 0 ? [""] : tenant_id,
  };
}

export const getRun = read("run.get", {
  needs: "runs.read",
  input: runInput,
  run: async ({ tx, ctx, input }) => runOut(await load(tx.sql, ctx, input.run_id)),
});

export const listSpans = read("run.spans", {
  needs: "runs.read",
  input: listSpansInput,
  run: async ({ tx, ctx, input }) => {
    const run = await load(tx.sql, ctx, input.run_id);
    const rows = await queries.listSpans(tx.sql, ctx.environmentId, run.run_id, {
      limit: input.limit + 1,
      kinds: input.kind ?? null,
      after: decodeCursor(input.cursor, 3),
    });
    return pageOf(rows, input.limit, (r) => [r.started_us, r.ordinal, r.span_id], spanOut);
  },
});

/** With its attributes and events, as the sender sent them, redacted. */
export const getSpan = read("run.span", {
  needs: "runs.read",
  input: spanInput,
  run: async ({ tx, ctx, input }) => {
    const run = await load(tx.sql, ctx, input.run_id);
    const row = await queries.getSpan(tx.sql, ctx.environmentId, run.run_id, input.span_id);
    if (!row) throw notFound("span");
    return spanDetail(row);
  },
});

async function load(tx: Sql, ctx: Ctx, runId: string) {
  const row = await byId(tx, ctx.environmentId, runId);
  if (!row) throw notFound("run");
  assertBound(ctx, row.agent_id, row.tenant_id);
  return row;
}
