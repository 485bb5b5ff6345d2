import { parseDocument } from "yaml";
import { z } from "zod";
import { publish } from "../controls";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure, notFound } from "../platform/errors";
import { callerId, text } from "../platform/fields";
import { writeSql } from "../platform/verb";

import { RESERVED, readDocument } from "./read-document";
import { bindInput, POLICY_STATES, type PolicyDocument, type PolicyState, rollBackInput, stateInput } from "./schema";
import * as store from "./store";

export const putInput = z.strictObject({
  policy_id: callerId,
  text: z.string().max(1_000_000),
  format: z.enum(["json", "yaml"]),
  note: text(300).optional(),
  /** Of `If-Match`: the latest version that the author has seen. */
  if_match: z.number().int().optional(),
  /** Overrides what the document says. */
  state: z.enum(POLICY_STATES).optional(),
});

const author = ({ actor }: Ctx) =>
  actor.type === "key"
    ? { authorId: actor.personId, authorName: actor.personName }
    : { authorId: actor.id, authorName: actor.name };

/** What is in force has changed: every process learns it with the commit. */
async function announceRules(tx: Sql, ctx: Ctx): Promise<number> {
  const { enforced } = await store.inForce(tx, ctx.environmentId);
  const rules = enforced.map(({ policyId, document: d }) => ({
    policyId,
    bindings: d.bindings ?? [],
    safeMode: d.safe_mode?.enabled ?? false,
    allowedTools: d.safe_mode?.allowed_tools ?? null,
    onStale: d.on_stale ?? null,
  }));
  return publish(tx, ctx.environmentId, rules);
}

export type Next = {
  state: PolicyState;
  document: PolicyDocument;
  source: string;
  format: "json" | "yaml";
  note: string | null;
};

/** Writes the next version and moves what is in force by its state. In the caller's transaction, which audits it. */
export async function addVersion(tx: Sql, ctx: Ctx, policyId: string, next: Next, ifMatch?: number) {
  const known = await store.policyForUpdate(tx, ctx.environmentId, policyId);
  if (ifMatch !== undefined && ifMatch !== (known?.latestVersion ?? 0))
    throw new Failure(
      "precondition_failed",
      `The latest version is ${known?.latestVersion ?? 0}, not ${ifMatch}: look at it first.`,
      {
        extra: { latest_version: known?.latestVersion ?? 0 },
      },
    );
  const version = (known?.latestVersion ?? 0) + 1;
  const before = known
    ? await store.version(tx, ctx.environmentId, policyId, known.enforcedVersion ?? known.latestVersion)
    : null;
  await store.insertVersion(tx, ctx.environmentId, { policyId, version, ...next, ...author(ctx) });
  const retire = async (n: number | null | undefined) => {
    if (n) await store.setVersionState(tx, ctx.environmentId, policyId, n, "retired");
  };
  const row = {
    policyId,
    latestVersion: version,
    enforcedVersion: known?.enforcedVersion ?? null,
    observedVersion: known?.observedVersion ?? null,
  };
  switch (next.state) {
    case "enforce":
      await retire(row.enforcedVersion);
      await retire(row.observedVersion);
      Object.assign(row, { enforcedVersion: version, observedVersion: null });
      break;
    case "observe":
      await retire(row.observedVersion);
      row.observedVersion = version;
      break;
    case "retired":
      await retire(row.enforcedVersion);
      await retire(row.observedVersion);
      Object.assign(row, { enforcedVersion: null, observedVersion: null });
      break;
    case "draft":
      break;
  }
  await store.putPolicyRow(tx, ctx.environmentId, row);
  const policyRevision = next.state === "draft" ? null : await announceRules(tx, ctx);
  return {
    value: { policy_id: policyId, version, state: next.state, policy_revision: policyRevision },
    audit: {
      target: { type: "policy", id: policyId },
      summary: `${WORD[next.state]} ${policyId} version ${version}${next.note ? `: ${next.note}` : ""}`,
      before: before ? (before.document as Record<string, unknown>) : undefined,
      after: next.document as Record<string, unknown>,
    },
  };
}
const WORD: Record<PolicyState, string> = {
  draft: "drafted",
  observe: "observes by",
  enforce: "enforced",
  retired: "retired",
};

/**
 * Writes a whole document as the next version; `enforce` where it states no state.
 * @throws Failure `invalid_input` | `bad_request` | `precondition_failed`
 */
export const putPolicy = writeSql("policy.put", {
  needs: "policies.write",
  input: putInput,
  run: async ({ tx, ctx, input }) => {
    if (RESERVED.has(input.policy_id))
      throw new Failure("invalid_input", "This name is taken by the API itself.", {
        errors: [{ path: "policy_id", message: `${input.policy_id} cannot be the name of a policy.` }],
      });
    const document = readDocument(input);
    if (document.policy_id !== undefined && document.policy_id !== input.policy_id)
      throw new Failure("invalid_input", "The document is of another policy.", {
        errors: [{ path: "policy_id", message: `Is ${document.policy_id}, but the path says ${input.policy_id}.` }],
      });
    const state = input.state ?? document.state ?? "enforce";
    return addVersion(
      tx,
      ctx,
      input.policy_id,
      { state, document, source: input.text, format: input.format, note: input.note ?? null },
      input.if_match,
    );
  },
});

type Text = Pick<store.VersionRow, "source" | "format">;
/** The text with one key set anew: comments and order stay as their author wrote them. */
function edited({ source, format }: Text, key: "state" | "bindings", value: unknown): Text {
  const text = parseDocument(source);
  text.setIn(text.hasIn(["agent", key]) ? ["agent", key] : [key], value);
  if (format === "yaml") return { source: text.toString({ lineWidth: 120 }), format };
  return { source: `${JSON.stringify(text.toJS(), null, 2)}\n`, format };
}
/** A text that states its state has to state the one it is in; one that is silent stays as it was sent. */
const inState = (row: store.VersionRow, state: PolicyState) =>
  row.document.state === undefined || row.document.state === state
    ? { document: row.document, source: row.source, format: row.format }
    : { document: { ...row.document, state }, ...edited(row, "state", state) };

/** An earlier version again, as a new one: history is never rewritten. @throws Failure `not_found` */
export const rollBack = writeSql("policy.roll_back", {
  needs: "policies.write",
  input: rollBackInput,
  run: async ({ tx, ctx, input }) => {
    const old = await store.version(tx, ctx.environmentId, input.policy_id, input.version);
    const note = input.note ?? `Back to version ${input.version}`;
    return addVersion(tx, ctx, input.policy_id, { state: input.state, ...inState(old, input.state), note });
  },
});

/** Moves the latest version to another state. @throws Failure `not_found` */
export const setPolicyState = writeSql("policy.state", {
  needs: "policies.write",
  input: stateInput,
  run: async ({ tx, ctx, input }) => {
    const [last] = await store.versions(tx, ctx.environmentId, input.policy_id);
    if (!last) throw notFound("policy");
    return addVersion(tx, ctx, input.policy_id, {
      state: input.state,
      ...inState(last, input.state),
      note: input.note ?? null,
    });
  },
});

/** Says for whom the latest version speaks, as a new version of it. @throws Failure `not_found` */
export const bindPolicy = writeSql("policy.bind", {
  needs: "policies.write",
  input: bindInput,
  run: async ({ tx, ctx, input }) => {
    const [last] = await store.versions(tx, ctx.environmentId, input.policy_id);
    if (!last) throw notFound("policy");
    const document = { ...last.document, bindings: input.bindings };
    return addVersion(tx, ctx, input.policy_id, {
      state: last.state,
      document,
      ...edited(last, "bindings", input.bindings),
      note: input.note ?? "Bindings",
    });
  },
});
