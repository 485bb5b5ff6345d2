import { assertBound, matches } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { notFound } from "../platform/errors";
import { read, writeSql } from "../platform/verb";
import { nameOf } from "./canary";
import { judged } from "./judge";
import {
  type ChecklistShape,
  type CheckShape,
  checklistOfInput,
  deleteChecklistInput,
  nothing,
  type Probe,
  type ProbeState,
  type PutChecklist,
  putChecklistInput,
} from "./schema";
import * as store from "./store/canaries";
import { canariesOf } from "./store/canaries";
import { newest } from "./store/probes";

/** In the caller's transaction, which audits it. */
export const writeChecklist = (tx: Sql, ctx: Ctx, input: PutChecklist) =>
  store.putChecklist(tx, ctx.environmentId, { ...input, by: nameOf(ctx) });

/** Which probes an agent's new version passes before it is rolled out to all. @throws Failure `invalid_input` */
export const putChecklist = writeSql("release_checklist.put", {
  needs: "readiness.write",
  input: putChecklistInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.checklist(tx, ctx.environmentId, input.runbook);
    const value = await writeChecklist(tx, ctx, input);
    return {
      value: { ...value, created: before === null },
      audit: {
        target: { type: "release_checklist", id: input.runbook },
        summary: `set the release checklist of ${input.runbook}: ${value.probes.map((p) => p.name).join(", ")}`,
        before: before ?? undefined,
        after: value,
      },
    };
  },
});

/** @throws Failure `not_found` */
export const deleteChecklist = writeSql("release_checklist.delete", {
  needs: "readiness.write",
  input: deleteChecklistInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.checklist(tx, ctx.environmentId, input.runbook);
    if (!before || !(await store.deleteChecklist(tx, ctx.environmentId, input.runbook)))
      throw notFound("release checklist");
    return {
      value: { runbook: input.runbook, deleted: true },
      audit: {
        target: { type: "release_checklist", id: input.runbook },
        summary: `deleted the release checklist of ${input.runbook}${input.reason ? `: ${input.reason}` : ""}`,
        before,
      },
    };
  },
});

export const listChecklists = read("release_checklist.list", {
  needs: "readiness.read",
  input: nothing,
  run: async ({ tx, ctx }) => ({ items: await store.checklists(tx.sql, ctx.environmentId), next_cursor: null }),
});

/** What a version has to show, each with its newest result: of the checklists that name the agent, and of its canary. */
export async function checksOf(
  tx: Sql,
  environmentId: string,
  agentId: string,
  version: string,
): Promise<CheckShape[]> {
  const [lists, canaries, last] = await Promise.all([
    store.checklists(tx, environmentId),
    canariesOf(tx, environmentId, agentId),
    newest(tx, environmentId, agentId, version),
  ]);
  const check =
    (kind: "runbook" | "canary", slug: string) =>
    (p: Probe): CheckShape => ({
      name: p.name,
      type: p.type,
      from: { kind, slug },
      max_latency_ms: p.max_latency_ms ?? null,
      expected_status: p.expected_status ?? null,
      ...judged(p, last.get(p.name) ?? null),
      last: last.get(p.name) ?? null,
    });
  const mine = lists.filter((l) => l.agent_ids.length === 0 || l.agent_ids.some((a) => matches(a, agentId)));
  const running = canaries.filter((c) => c.running && c.canary_version === version);
  return [
    ...mine.flatMap((l) => l.probes.map(check("runbook", l.runbook))),
    ...running.flatMap((c) => c.probes.map(check("canary", c.slug))),
  ];
}

/** @throws Failure `forbidden` (bound to another agent) */
export const checklistOf = read("probe.checklist", {
  needs: "readiness.read",
  input: checklistOfInput,
  run: async ({ tx, ctx, input }): Promise<ChecklistShape> => {
    assertBound(ctx, input.agent_id, null);
    const items = await checksOf(tx.sql, ctx.environmentId, input.agent_id, input.version);
    const count = (state: ProbeState) => items.filter((i) => i.state === state).length;
    return {
      ...input,
      ready: items.length > 0 && items.every((i) => i.state === "pass"),
      counts: { pass: count("pass"), fail: count("fail"), too_slow: count("too slow"), not_run: count("not run") },
      items,
    };
  },
});
