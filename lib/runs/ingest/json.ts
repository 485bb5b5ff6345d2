import { assertMay, bound } from "../../platform/authz";
import type { Ctx } from "../../platform/ctx";
import type { FieldError } from "../../platform/errors";
import { Failure } from "../../platform/errors";
import { fieldErrors, parse, reader } from "../../platform/verb";
import { type JsonSpan, jsonSpan, postSpansInput } from "../schema";
import type { NormalSpan } from "../span";
import { identity, renew } from "../store/lifecycle";
import { firstReceived } from "../store/spans";
import { toNormal } from "./normal";
import { storeSpans } from "./writer";

export type JsonAnswer = { accepted: number; duplicates: number; rejected: (FieldError & { index: number })[] };

/** A span may start this long after now by the sender's clock. */
const FUTURE_MS = 24 * 3_600_000;
const EPOCH_MS = Date.UTC(2015, 0, 1);

/**
 * Spans of one run in plain JSON, for any language and for importing history. A bad span is one entry of `rejected`.
 * @throws Failure `invalid_input` (the envelope) | `forbidden` (a run of another binding) | `unavailable`
 */
export async function postSpans(ctx: Ctx, raw: unknown): Promise<JsonAnswer> {
  assertMay(ctx, "spans.write");
  const input = parse(postSpansInput, raw);
  const { environmentId } = ctx;
  const run = await identity(reader().sql, environmentId, input.run_id);
  const agentId = run?.agent_id ?? input.agent_id ?? null;
  if (run && !bound(ctx, run.agent_id, run.tenant_id))
    throw new Failure("forbidden", "This run belongs to agents or tenants that the key is not bound to.");
  const baseUs = input.request_id
    ? await firstReceived(reader().sql, environmentId, input.run_id, input.request_id)
    : ctx.now().getTime() * 1000;

  const spans: NormalSpan[] = [];
  const rejected: JsonAnswer["rejected"] = [];
  input.spans.forEach((item, index) => {
    const parsed = jsonSpan.safeParse(item);
    const problems = parsed.success
      ? judge(parsed.data, input.request_id ?? null, ctx.now())
      : fieldErrors(parsed.error);
    const owner = parsed.success ? (parsed.data.agent_id ?? agentId) : agentId;
    if (parsed.success && problems.length === 0 && !run && !bound(ctx, owner, null))
      problems.push({ path: "agent_id", message: "This key is bound to other agents or tenants." });
    for (const { path, message } of problems)
      rejected.push({ index, path: `spans[${index}]${path ? `.${path}` : ""}`, message });
    if (!parsed.success || problems.length > 0) return;
    const taskType = input.task_type ?? null;
    spans.push(
      toNormal(parsed.data, {
        runId: input.run_id,
        requestId: input.request_id ?? "",
        index,
        baseUs,
        agentId: owner,
        taskType,
      }),
    );
  });
  const inserted = await storeSpans({ environmentId, spans }, { alone: true });
  if (run) await renew(reader().sql, environmentId, [input.run_id]);
  return { accepted: inserted, duplicates: spans.length - inserted, rejected };
}

function judge(span: JsonSpan, requestId: string | null, now: Date): FieldError[] {
  const problems: FieldError[] = [];
  const names = { span_id: span.span_id, started_at: span.started_at };
  for (const [path, value] of Object.entries(names))
    if (!value && requestId === null)
      problems.push({ path, message: "span_id and started_at are both needed, or the batch's request_id." });
  const start = span.started_at ? Date.parse(span.started_at) : null;
  if (start !== null && start > now.getTime() + FUTURE_MS)
    problems.push({ path: "started_at", message: "More than 24 hours in the future." });
  if (start !== null && start < EPOCH_MS) problems.push({ path: "started_at", message: "Before 2015." });
  return problems;
}
