import { tokenFor } from "../../approvals";
import {
  decide,
  decideBatch,
  getDecision,
  giveResult,
  listBreakers,
  listDecisions,
  listEffects,
  parseStrict,
  settleEffect,
  verifyDecisions,
} from "../../decisions";
import {
  breakerShape,
  decisionRowShape,
  decisionShape,
  effectShape,
  questionInput,
  resultInput,
  resultShape,
} from "../../decisions/schema";
import type { Ctx } from "../../platform/ctx";
import { env } from "../../platform/env";
import { Failure } from "../../platform/errors";
import { readBody } from "../body";
import { type Call, type Endpoint, verb } from "../endpoint";

const tag = "decisions";
const MAX_ONE = 2 * 1024 * 1024;
const MAX_BATCH = 16 * 1024 * 1024;

/** Keys that stand twice are refused: what was approved and what runs must be the same bytes. */
async function strictBody(call: Call, limit: number): Promise<unknown> {
  const type = call.env.incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new Failure("unsupported_media_type", "Send application/json.");
  const text = (await readBody(call.env.incoming, limit)).toString("utf8");
  try {
    return parseStrict(text);
  } catch (err) {
    if (err instanceof Failure) throw err;
    throw new Failure("bad_request", `Not JSON: ${(err as Error).message}`);
  }
}

/** A signed link for messages: whoever follows it signs in, and sees the case. */
function approvalUrl(ctx: Ctx, call: Call): (id: string) => string {
  const base = env().INTERLOCK_PUBLIC_URL ?? `http://${call.env.incoming.headers.host ?? "localhost"}`;
  return (id) => `${base.replace(/\/$/, "")}/a/${tokenFor(ctx.environmentId, id)}`;
}

export const decisionRoutes: Endpoint[] = [
  {
    method: "post",
    path: "/decisions",
    tag,
    summary: "May this step happen?",
    input: questionInput,
    output: decisionShape,
    raw: true,
    run: async (ctx, _input, call) => decide(ctx, await strictBody(call, MAX_ONE), approvalUrl(ctx, call)),
  },
  {
    method: "post",
    path: "/decisions/batch",
    tag,
    summary: "Several questions at once: arrays of up to 100",
    input: questionInput.array().max(100),
    raw: true,
    run: async (ctx, _input, call) => decideBatch(ctx, await strictBody(call, MAX_BATCH), approvalUrl(ctx, call)),
  },
  {
    method: "post",
    path: "/decisions/{decision_id}/result",
    tag,
    summary: "What came of an allowed call, one time",
    input: resultInput,
    output: resultShape,
    run: (ctx, input) => giveResult(ctx, input),
  },
  verb(listDecisions, {
    method: "get",
    path: "/decisions",
    tag,
    summary: "Decisions, newest first",
    output: decisionRowShape,
  }),
  verb(verifyDecisions, {
    method: "get",
    path: "/decisions/verify",
    tag,
    summary: "Are the decisions those that the audit chain has sealed?",
  }),
  verb(getDecision, {
    method: "get",
    path: "/decisions/{decision_id}",
    tag,
    summary: "One decision and what came of it",
    output: decisionRowShape,
  }),
  verb(listEffects, { method: "get", path: "/effects", tag, summary: "The ledger of writes", output: effectShape }),
  verb(settleEffect, {
    method: "post",
    path: "/effects/{effect_id}/settle",
    tag,
    summary: "A person says whether a write happened",
    output: effectShape,
    tells: ["decisions", "audit"],
  }),
  verb(listBreakers, {
    method: "get",
    path: "/breakers",
    tag,
    summary: "Circuit breakers, open ones first",
    output: breakerShape,
  }),
];
