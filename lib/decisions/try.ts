import { rank } from "../controls";
import { Failure } from "../platform/errors";
import { parse, read } from "../platform/verb";
import { checkDocument, compile, type Layer } from "../policies";
import { type Book, noChanges } from "./book";
import { enter } from "./enter";
import { askerOf, controlOf, ready, viewOf } from "./prepare";
import { speakingFor } from "./rules";
import { questionInput, tryInput } from "./schema";

/** A run that has just begun and done nothing: what a call is tried in. */
export function emptyBook(
  now: number,
  revision: number,
  run: { runId: string; agentId: string; taskType: string; tenantId: string | null },
): Book {
  return {
    now,
    revision,
    runs: new Map([
      [
        run.runId,
        {
          ...run,
          goal: null,
          scope: [],
          ancestors: [],
          status: "running",
          stopReason: null,
          source: "api",
          attempt: 1,
          leaseToken: null,
          leaseOver: false,
          startedAt: now,
          waitedMs: 0,
          waitingSince: null,
          step: 0,
          keyId: null,
          inFlight: 0,
        },
      ],
    ]),
    spend: new Map(),
    parts: new Map(),
    calls: new Map(),
    effects: new Map(),
    effectsById: new Map(),
    holders: new Map(),
    approvals: new Map(),
    subjects: new Map(),
    pending: new Map(),
    breakers: new Map(),
    rates: new Map(),
    windows: new Map(),
    known: new Map(),
    recorded: new Map(),
    holds: new Map(),
    grants: new Map(),
    changes: noChanges(),
  };
}

/**
 * What would be answered to the first such call of a fresh run, by what is in force or by a draft. Nothing is recorded.
 * @throws Failure `invalid_input` with the path of what is wrong in the question or the draft
 */
export const tryCall = read("decision.try", {
  needs: "policies.read",
  input: tryInput,
  run: async ({ ctx, input }) => {
    const runId = "run_tried";
    const question = parse(questionInput, {
      kind: "tool",
      ...input.question,
      run_id: runId,
      request_id: undefined,
      approval_id: undefined,
    });
    const view = await viewOf(ctx.environmentId);
    const who = { agentId: input.agent_id, taskType: input.task_type, tenantId: input.tenant_id ?? null };
    const of = { runId, ...who, goal: null, scope: [], ancestors: [] };
    const caller = { ...who, runId, ancestorIds: [], ancestors: [] };
    const spoken = input.document ? drafted(input.document, who) : speakingFor(view.rules, who);
    const asked = ready(view, question, of, controlOf, caller, askerOf(ctx), spoken);
    return enter(emptyBook(Date.now(), view.snapshot.revision, { runId, ...who }), asked, () => "");
  },
});

function drafted(
  document: Record<string, unknown>,
  who: { agentId: string; taskType: string; tenantId: string | null },
) {
  const checked = checkDocument(document);
  if (checked.bindings && checked.bindings.length > 0 && rank(checked.bindings, who) === null)
    throw new Failure("invalid_input", "The draft does not bind this agent.", {
      errors: [{ path: "document.bindings", message: `Nothing here binds ${who.agentId}.` }],
    });
  const layer: Layer = { policyId: checked.policy_id ?? "draft", version: 0, document: checked };
  return { policy: compile([layer]), observing: false, shadow: null };
}
