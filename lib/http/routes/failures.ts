import {
  adoptFailure,
  coverage,
  deleteFailure,
  getFailure,
  listFailures,
  listRevisions,
  listRunbooks,
  putFailure,
  tryFailure,
} from "../../failures";
import {
  adoptedShape,
  coverageShape,
  deletedShape,
  failureDetailShape,
  failuresShape,
  revisionsShape,
  runbooksShape,
  writtenShape,
} from "../../failures/schema";
import type { Ctx } from "../../platform/ctx";
import { type Call, type Endpoint, type Reply, verb } from "../endpoint";
import { ifMatch, tagged } from "../revision";

const tag = "failures";
const tells = ["failures", "alerts", "audit"] as const;

/** 201 where it was made by this call; with ?dry_run=true what would change, and nothing is kept. */
async function put(ctx: Ctx, raw: Record<string, unknown>, call: Call) {
  const { dry_run, ...rest } = raw;
  const match = ifMatch(call);
  const input = (match === undefined ? rest : { ...rest, if_match: match }) as never;
  if (dry_run === "true" || dry_run === true) return tryFailure(ctx, input);
  const { slug, created, audit_row } = await putFailure(ctx, input);
  return tagged(created ? 201 : 200, { ...(await getFailure(ctx, { slug })), audit_row });
}

async function get(ctx: Ctx, input: Record<string, unknown>): Promise<Reply> {
  return tagged(200, await getFailure(ctx, input as never));
}

async function adopt(ctx: Ctx, input: Record<string, unknown>) {
  const { slug, linked_rules, audit_row } = await adoptFailure(ctx, input as never);
  return tagged(201, { ...(await getFailure(ctx, { slug })), linked_rules, audit_row });
}

export const failureRoutes: Endpoint[] = [
  verb(listFailures, {
    method: "get",
    path: "/failures",
    tag,
    summary: "The failure inventory, by category",
    output: failuresShape,
  }),
  verb(coverage, {
    method: "get",
    path: "/failures/coverage",
    tag,
    summary: "What is covered, what is missing, category by agent",
    output: coverageShape,
  }),
  verb(listRunbooks, {
    method: "get",
    path: "/failures/runbooks",
    tag,
    summary: "Runbooks of a stop reason: this environment's, else the catalogue's",
    output: runbooksShape,
  }),
  {
    ...verb(adoptFailure, {
      method: "post",
      path: "/failures/adopt",
      tag,
      summary: "Make an entry from the catalogue, as expected",
      output: adoptedShape,
      status: 201,
      tells,
    }),
    run: adopt,
  },
  {
    ...verb(getFailure, {
      method: "get",
      path: "/failures/{slug}",
      tag,
      summary: "One entry",
      output: failureDetailShape,
    }),
    run: get,
  },
  {
    ...verb(putFailure, {
      method: "put",
      path: "/failures/{slug}",
      tag,
      summary: "Write the whole entry, with its rule; ?dry_run=true only checks it",
      output: writtenShape,
      tells,
    }),
    run: put,
  },
  verb(deleteFailure, {
    method: "delete",
    path: "/failures/{slug}",
    tag,
    summary: "Delete an entry; its rules and its history stay",
    output: deletedShape,
    tells,
  }),
  verb(listRevisions, {
    method: "get",
    path: "/failures/{slug}/revisions",
    tag,
    summary: "Who changed what, newest first",
    output: revisionsShape,
  }),
];
