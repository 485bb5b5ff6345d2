import { dryRun, tryCall } from "../../decisions";
import { decisionShape, dryRunShape } from "../../decisions/schema";
import type { Ctx } from "../../platform/ctx";
import { Failure } from "../../platform/errors";
import { text } from "../../platform/fields";
import { parse } from "../../platform/verb";
import {
  bindPolicy,
  diffOf,
  diffVersions,
  documentSchema,
  effectivePolicy,
  getPolicy,
  listPolicies,
  listStarters,
  listVersions,
  putPolicy,
  readDocument,
  rollBack,
  setPolicyState,
} from "../../policies";
import {
  diffShape,
  effectiveShape,
  nothing,
  policyDocument,
  policyInput,
  policyShape,
  policyVersionShape,
} from "../../policies/schema";
import { readBody } from "../body";
import { type Call, type Endpoint, Reply, verb } from "../endpoint";
import { ifMatch } from "../revision";

const tag = "policies";
const tells = ["policies", "controls", "audit"] as const;
const MAX_DOCUMENT = 1024 * 1024;
/** An editor asks with every pause of its author: the newest will do. POST …/dry-run looks further. */
const LOOK_BACK = 10_000;

export type Format = "json" | "yaml";
/** @throws Failure `unsupported_media_type` */
export function formatOf(call: Call): Format {
  const type = call.env.incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json") return "json";
  if (/^(application|text)\/(x-)?yaml$/.test(type)) return "yaml";
  throw new Failure("unsupported_media_type", "Send application/json or application/yaml.");
}

async function put(ctx: Ctx, raw: Record<string, unknown>, call: Call): Promise<unknown> {
  const { policy_id, dry_run, note } = raw as { policy_id: string; dry_run?: string; note?: string };
  parse(policyInput, { policy_id });
  const written = { text: (await readBody(call.env.incoming, MAX_DOCUMENT)).toString("utf8"), format: formatOf(call) };
  if (dry_run !== "true")
    return putPolicy(ctx, { policy_id, ...written, note: parse(text(300).optional(), note), if_match: ifMatch(call) });
  const document = readDocument(written);
  const before = await getPolicy(ctx, { policy_id }).catch(() => null);
  return {
    valid: true,
    diff: diffOf(before?.latest.document ?? {}, document),
    dry_run: await dryRun(ctx, { policy_id, document: document as Record<string, unknown>, limit: LOOK_BACK }),
  };
}

async function get(ctx: Ctx, input: Record<string, unknown>): Promise<Reply> {
  const found = await getPolicy(ctx, input as never);
  return new Reply(200, JSON.stringify(found), {
    "content-type": "application/json",
    etag: `"${found.latest.version}"`,
  });
}

export const policyRoutes: Endpoint[] = [
  verb(listPolicies, { method: "get", path: "/policies", tag, summary: "Policies by name", output: policyShape }),
  {
    method: "get",
    path: "/policies/schema",
    tag,
    summary: "JSON Schema of a policy document",
    input: nothing,
    run: async () => documentSchema(),
  },
  verb(listStarters, { method: "get", path: "/policies/starters", tag, summary: "Documents to begin with" }),
  verb(effectivePolicy, {
    method: "get",
    path: "/policies/effective",
    tag,
    summary: "What holds for an agent, task type and tenant, and where it comes from",
    output: effectiveShape,
  }),
  {
    ...verb(getPolicy, {
      method: "get",
      path: "/policies/{policy_id}",
      tag,
      summary: "One policy and its latest version",
    }),
    run: get,
  },
  {
    method: "put",
    path: "/policies/{policy_id}",
    tag,
    summary: "Write the whole document, JSON or YAML; ?dry_run=true says what it would do",
    input: policyInput.extend(policyDocument.shape),
    raw: true,
    tells,
    run: put,
  },
  verb(listVersions, {
    method: "get",
    path: "/policies/{policy_id}/versions",
    tag,
    summary: "Its versions, newest first",
    output: policyVersionShape,
  }),
  verb(diffVersions, {
    method: "get",
    path: "/policies/{policy_id}/diff",
    tag,
    summary: "What changed between two versions",
    output: diffShape,
  }),
  verb(rollBack, {
    method: "post",
    path: "/policies/{policy_id}/roll-back",
    tag,
    summary: "An earlier version again",
    tells,
  }),
  verb(setPolicyState, {
    method: "post",
    path: "/policies/{policy_id}/state",
    tag,
    summary: "Draft, observe, enforce or retire",
    tells,
  }),
  verb(bindPolicy, {
    method: "post",
    path: "/policies/{policy_id}/bind",
    tag,
    summary: "Say for whom it speaks",
    tells,
  }),
  verb(dryRun, {
    method: "post",
    path: "/policies/{policy_id}/dry-run",
    tag,
    summary: "A draft over past decisions: what would change",
    output: dryRunShape,
  }),
  verb(tryCall, {
    method: "post",
    path: "/decisions/try",
    tag,
    summary: "What would be answered; nothing is recorded",
    output: decisionShape,
  }),
];
