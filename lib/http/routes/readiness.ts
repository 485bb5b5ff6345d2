import type { Ctx } from "../../platform/ctx";
import {
  checkTarget,
  deleteTarget,
  getReadiness,
  getScreenshot,
  getTarget,
  listReadiness,
  listTargets,
  putScreenshot,
  putTarget,
  revokeWaiver,
  waiveCheck,
} from "../../readiness";
import * as shapes from "../../readiness/schema";
import { readBody } from "../body";
import { type Call, type Endpoint, Reply, verb } from "../endpoint";

const tag = "readiness";
const tells = ["readiness", "audit"] as const;

/** Whatever the sender calls it, its bytes say what it is. */
async function upload(ctx: Ctx, input: Record<string, unknown>, call: Call): Promise<unknown> {
  const bytes = await readBody(call.env.incoming, shapes.MAX_SCREENSHOT);
  return putScreenshot(ctx, { ...(input as { slug: string }), bytes });
}

/** A picture that somebody uploaded: shown as that picture, and as nothing else. */
async function picture(ctx: Ctx, input: Record<string, unknown>): Promise<Reply> {
  const { bytes, content_type, sha256 } = await getScreenshot(ctx, input as never);
  const name = `${String(input.slug)}-${sha256.slice(0, 12)}.${content_type === "image/png" ? "png" : "jpg"}`;
  return new Reply(200, bytes, {
    "content-type": content_type,
    "x-content-type-options": "nosniff",
    "content-disposition": `inline; filename="${name}"`,
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=0, must-revalidate",
    etag: `"${sha256}"`,
  });
}

export const readinessRoutes: Endpoint[] = [
  verb(getReadiness, {
    method: "get",
    path: "/readiness",
    tag,
    summary: "May this agent version go live, and what blocks it",
    output: shapes.readinessShape,
  }),
  verb(listReadiness, {
    method: "get",
    path: "/readiness/agents",
    tag,
    summary: "Every agent with its newest version: ready, or how many block",
    output: shapes.agentGatesShape,
  }),
  verb(waiveCheck, {
    method: "post",
    path: "/readiness/waivers",
    tag,
    summary: "Answer for an open condition by name, until a day",
    status: 201,
    output: shapes.waiverWrittenShape,
    tells,
  }),
  verb(revokeWaiver, {
    method: "delete",
    path: "/readiness/waivers/{waiver_id}",
    tag,
    summary: "Take a waiver back",
    output: shapes.waiverWrittenShape,
    tells,
  }),
  verb(listTargets, {
    method: "get",
    path: "/targets",
    tag,
    summary: "What is watched as production, and whether it is",
    output: shapes.targetsShape,
  }),
  verb(getTarget, {
    method: "get",
    path: "/targets/{slug}",
    tag,
    summary: "One target: its checks, its pictures",
    output: shapes.targetDetailShape,
  }),
  verb(putTarget, {
    method: "put",
    path: "/targets/{slug}",
    tag,
    summary: "Write a target; it is looked at at once",
    output: shapes.targetWrittenShape,
    tells,
  }),
  verb(deleteTarget, {
    method: "delete",
    path: "/targets/{slug}",
    tag,
    summary: "Watch it no more",
    tells: [...tells, "alerts"],
  }),
  verb(checkTarget, {
    method: "post",
    path: "/targets/{slug}/check",
    tag,
    summary: "Look at it now, not when it is due",
    tells,
  }),
  {
    method: "put",
    path: "/targets/{slug}/screenshot",
    tag,
    summary: "A person's picture of the target list: the bytes of a PNG or JPEG, at most 2 MB",
    input: shapes.targetInput,
    output: shapes.screenshotWrittenShape,
    raw: true,
    tells,
    run: upload,
  },
  {
    ...verb(getScreenshot, {
      method: "get",
      path: "/targets/{slug}/screenshot",
      tag,
      summary: "The picture, as it came",
    }),
    run: picture,
  },
];
