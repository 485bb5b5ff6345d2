import { read } from "../platform/verb";
import { compile } from "./compile";
import { diffOf } from "./diff";
import { speaking } from "./effective";
import {
  diffInput,
  type EffectiveShape,
  effectiveInput,
  nothing,
  type PolicyShape,
  type PolicyVersionShape,
  policyInput,
} from "./schema";
import * as store from "./store";

const shape = (row: store.ListedRow): PolicyShape => ({
  policy_id: row.policyId,
  description: row.document.description ?? null,
  latest_version: row.latestVersion,
  latest_state: row.state,
  enforced_version: row.enforcedVersion,
  observed_version: row.observedVersion,
  bindings: row.bindings ?? [],
  updated_at: row.createdAt.toISOString(),
  updated_by: row.authorName,
  decisions_24h: row.decisions,
  denied_24h: row.denied,
});
const versionShape = (row: store.VersionRow): PolicyVersionShape => ({
  policy_id: row.policyId,
  version: row.version,
  state: row.state,
  document: row.document as Record<string, unknown>,
  source: row.source,
  format: row.format,
  note: row.note,
  author: row.authorName,
  created_at: row.createdAt.toISOString(),
});

export const listPolicies = read("policy.list", {
  needs: "policies.read",
  input: nothing,
  run: async ({ tx, ctx }) => ({
    items: (await store.list(tx.sql, ctx.environmentId, null)).map(shape),
    next_cursor: null,
  }),
});

/** @throws Failure `not_found` */
export const getPolicy = read("policy.get", {
  needs: "policies.read",
  input: policyInput,
  run: async ({ tx, ctx, input }) => {
    const [latest] = await store.versions(tx.sql, ctx.environmentId, input.policy_id);
    const [row] = await store.list(tx.sql, ctx.environmentId, input.policy_id);
    if (!latest || !row) throw new Error("a policy without versions");
    return { policy: shape(row), latest: versionShape(latest) };
  },
});

/** @throws Failure `not_found` */
export const listVersions = read("policy.versions", {
  needs: "policies.read",
  input: policyInput,
  run: async ({ tx, ctx, input }) => ({
    items: (await store.versions(tx.sql, ctx.environmentId, input.policy_id)).map(versionShape),
    next_cursor: null,
  }),
});

/** @throws Failure `not_found` */
export const diffVersions = read("policy.diff", {
  needs: "policies.read",
  input: diffInput,
  run: async ({ tx, ctx, input }) => {
    const [from, to] = await Promise.all([
      store.version(tx.sql, ctx.environmentId, input.policy_id, input.from),
      store.version(tx.sql, ctx.environmentId, input.policy_id, input.to),
    ]);
    return { items: diffOf(from.document, to.document), next_cursor: null };
  },
});

/** What holds for an agent, task type and tenant, each line with where it comes from. */
export const effectivePolicy = read("policy.effective", {
  needs: "policies.read",
  input: effectiveInput,
  run: async ({ tx, ctx, input }): Promise<EffectiveShape> => {
    const { enforced, observed } = await store.inForce(tx.sql, ctx.environmentId);
    const who = {
      agentId: input.agent_id ?? null,
      taskType: input.task_type ?? null,
      tenantId: input.tenant_id ?? null,
    };
    const { enforcing, looking } = speaking({ enforced, observed }, who);
    const named = (state: "enforce" | "observe") => (l: (typeof enforcing)[number]) => ({
      policy_id: l.policyId,
      version: l.version,
      state,
      description: l.document.description ?? null,
    });
    const holding = enforcing.length > 0 ? enforcing : looking;
    return {
      policy_revision: await store.policyRevision(tx.sql, ctx.environmentId),
      documents: [...enforcing.map(named("enforce")), ...looking.map(named("observe"))],
      mode: enforcing.length > 0 ? "enforce" : looking.length > 0 ? "observe" : "none",
      lines: compile(holding).lines,
    };
  },
});
