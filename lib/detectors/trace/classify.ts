import type { Step } from "./step";

export type ErrorClass = "auth" | "rate" | "timeout" | "schema" | "transcript" | "other";

const AUTH =
  /\b401\b|unauthori[sz]ed|unauthenticated|authentication (?:failed|error|required)|invalid[ _-]?(?:api[ _-]?key|token|credentials?|grant)|(?:token|credentials?|session|key|secret)\b[^.]{0,60}\b(?:expired|revoked|invalid)|expired[ _-]?(?:token|credentials?)|not logged in|login required/i;
const RATE =
  /\b429\b|too many requests|rate.?limit|quota|resource.?exhausted|usage limit|insufficient_quota|throttl|overloaded_error|requests per (?:minute|day)/i;
const TIMEOUT = /tim(?:ed|e)[ -]?out|deadline exceeded|ETIMEDOUT|took too long|\b408\b|\b504\b/i;
const SCHEMA =
  /unexpected keyword argument|missing \d+ required|required (?:positional )?argument|validation ?error|schema|invalid (?:argument|parameter|params|input|type)|-32602|does not match|field required|is not of type|unknown (?:field|parameter|argument)|extra (?:fields|inputs)|failed to parse|invalid json|expected .{1,40} (?:got|but)|must be (?:a|an|of) /i;
/** A provider that refuses the conversation itself, because a call in it has no answer or an answer no text. */
const TRANSCRIPT =
  /tool_use|tool_result|tool_call_id|tool calls?\b.{0,80}(?:must|without|respon|follow)|function_call_output|No tool output found|messages[.[]\d+|content cannot be empty|roles must alternate/i;

const textOf = (step: Step): string => `${step.errorType ?? ""} ${step.error ?? ""}`;

export function errorClass(step: Step): ErrorClass {
  const text = textOf(step);
  if (step.httpStatus === 401) return "auth";
  if (step.httpStatus === 429) return "rate";
  if (step.httpStatus === 408 || step.httpStatus === 504) return "timeout";
  if (step.kind === "model" && TRANSCRIPT.test(text)) return "transcript";
  if (RATE.test(text)) return "rate";
  if (AUTH.test(text)) return "auth";
  if (TIMEOUT.test(text)) return "timeout";
  if (SCHEMA.test(text)) return "schema";
  return "other";
}

/** A search that finds nothing and a test that fails end with 1: the command worked, and that is its answer. */
const ANSWERED_ONE = /^(?:return ?code|exit(?:ed)?(?: with)?(?: code| status)?|exit_code|status)\W{0,3}1\W?$/i;

export const failed = (step: Step): boolean =>
  step.status === "error" && !(step.kind === "tool" && ANSWERED_ONE.test((step.error ?? "").trim()));

const NOTHING = new Set(["", "[]", "{}", "null", "none", '""', "''", "undefined", "()", "no results", "no output"]);
export const empty = (step: Step): boolean =>
  step.resultHash === null && step.result === null
    ? step.kind === "tool"
    : NOTHING.has((step.result ?? "x").trim().toLowerCase());
/** Succeeded with nothing in it; where no result was sent at all nobody can tell. */
export const emptySuccess = (step: Step): boolean =>
  step.kind === "tool" &&
  step.status !== "error" &&
  step.result !== null &&
  NOTHING.has(step.result.trim().toLowerCase());

const SOFT =
  /^\W{0,3}"?(?:ok|success|succeeded)"?\s*[:=]\s*"?(?:false|no)\b|["'](?:ok|success)["']\s*:\s*false|^\W{0,2}(?:error|exception|traceback|failed|failure|fatal)\b|["']error["']\s*:\s*["'{]|["']status["']\s*:\s*["'](?:error|failed|failure)["']|\bcommand not found\b/i;
/** Said ok and answered a failure: `ok: false` behind a 200. */
export const softFailed = (step: Step): boolean =>
  step.kind === "tool" && step.status !== "error" && step.result !== null && SOFT.test(step.result.slice(0, 240));

/** Errors that only say that there was one: what was the matter stands in the result, if anywhere. */
const BARE =
  /^\W*$|^(?:return ?code|exit(?:ed)?(?: with)?(?: code| status)?)\W*\d*\W*$|success\W{0,3}false|^error$|^failed$|\bempty error\b|\bno (?:tool )?(?:result|output|response)\b/i;
/** The same error, whatever numbers, names in quotes and paths stand in it; empty where nobody said what it was. */
export const errorKey = (step: Step): string =>
  (BARE.test(step.error ?? "") ? (step.result ?? "") : (step.error ?? step.errorType ?? ""))
    .slice(0, 300)
    .replace(/(["'`])(?:(?!\1).){0,200}\1/g, "*")
    .replace(/(?:[a-z]+:)?\/[\w./%?=&+~-]+/gi, "*")
    .replace(/\b[0-9a-f]{8,}\b/gi, "#")
    .replace(/\d+/g, "#")
    .slice(0, 120);

const REFUSED =
  /\b(?:I(?:'|’)?m sorry|I apologi[sz]e)?,?\s*(?:but )?I (?:can(?:no|')?t|can’t|am not able to|am unable to|won't|will not) (?:help|assist|comply|provide|do that|fulfil)/i;
export const refused = (step: Step): boolean =>
  step.kind === "model" &&
  (/refus|content_filter|safety/i.test(step.finish) ||
    (step.result !== null && REFUSED.test(step.result.slice(0, 300))));
export const truncated = (step: Step): boolean =>
  step.kind === "model" && /length|max_tokens|max_output/i.test(step.finish);
