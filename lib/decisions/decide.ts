import { acknowledge } from "../controls";
import { touchFleet } from "../fleet";
import { announce } from "../platform/announce";
import { assertMay } from "../platform/authz";
import type { Ctx } from "../platform/ctx";
import { Failure } from "../platform/errors";
import { unseal } from "../platform/seal";
import { parse, reader } from "../platform/verb";
import type { Asked } from "./asked";
import { type Book, keyed } from "./book";
import { enter } from "./enter";
import { deny } from "./order/verdict";
import { prepare } from "./prepare";
import { type Entry, enterAll, enterBook } from "./queue";
import { type Decision, type Question, questionInput } from "./schema";
import type { Wants } from "./store/load";

/** Where a person finds the case. */
export type UrlOf = (approvalId: string) => string;

function wantsOf(a: Asked, w: Wants): void {
  const q = a.question;
  w.runIds.add(q.run_id);
  if (q.request_id) w.requests.push({ runId: q.run_id, requestId: q.request_id });
  if (a.fingerprint !== null) w.calls.push({ runId: q.run_id, fingerprint: a.fingerprint });
  if (a.key !== null) w.effectKeys.add(a.key);
  if (q.approval_id) w.approvalIds.add(q.approval_id);
  // Only where a person's word may be looked for.
  if (a.judged.asks.length > 0 || q.approval_id || a.key !== null)
    w.subjects.push({ runId: q.run_id, subject: a.subject });
  if (a.judged.asks.length > 0 || a.key !== null) {
    w.agents.add(a.of.agentId);
    w.inFlight = true;
  }
  if (q.kind === "tool" && q.tool) w.tools.add(q.tool);
  if (a.judged.connectorName !== null && a.judged.perMin !== null) w.connectors.add(a.judged.connectorName);
  for (const { kind, key, window } of a.watched)
    if (!w.windows.some((x) => x.kind === kind && x.key === key && x.window === window))
      w.windows.push({ kind, key, window });
  if (q.stage) w.parts.push({ runId: q.run_id, kind: "stage", key: q.stage });
  if (q.kind === "tool" && q.tool) w.parts.push({ runId: q.run_id, kind: "tool", key: q.tool });
  for (const id of a.grants) w.grantIds.add(id);
}

type Answered = { decision: Decision; sealed: string | null };

/** The same question again: the stored answer; an allow that was not begun in time is none any more. */
function known(book: Book, a: Asked): Decision | null {
  const { request_id, run_id } = a.question;
  const before = request_id ? book.known.get(keyed(run_id, request_id)) : undefined;
  if (!before) return null;
  if (before.requestHash !== a.requestHash)
    throw new Failure("request_id_reused", "This request_id has asked something else before.", {
      errors: [{ path: "request_id", message: "Used before, with other content." }],
      extra: { decision_id: before.decisionId },
    });
  const answer = before.answer as Decision;
  if (before.outcome !== "allow" || before.settled || before.startBy === null || before.startBy > book.now)
    return answer;
  const over = deny(
    "decision_expired",
    `An allow must be begun within ${answer.start_within_s} s. Ask anew, by another request_id.`,
  );
  return {
    ...answer,
    outcome: "deny",
    code: over.code,
    stop_reason: over.stopReason,
    message: over.message,
    start_within_s: null,
  };
}

function entryOf(ctx: Ctx, question: Question, url: UrlOf): Entry<Asked> & { run: (book: Book, a: Asked) => Answered } {
  return {
    prepare: (view) => prepare(ctx, view, question),
    wants: wantsOf,
    run: (book, a) => {
      const decision = known(book, a) ?? enter(book, a, url);
      const effect = decision.outcome === "replay" && a.key !== null ? book.effects.get(a.key) : undefined;
      return { decision, sealed: decision.code === "replay" ? (effect?.result ?? null) : null };
    },
  };
}

/** What the write answered is kept sealed, and opened for its own run's key alone. */
function opened({ decision, sealed }: Answered): Decision {
  if (sealed === null || !decision.replay) return decision;
  return { ...decision, replay: { ...decision.replay, result: unseal(Buffer.from(sealed, "hex")) } };
}

async function after(ctx: Ctx, question: Question, decision: Decision): Promise<void> {
  acknowledge(ctx, {
    instanceId: question.instance_id ?? null,
    revision: null,
    agentId: null,
    runIds: [question.run_id],
  });
  announce(ctx.environmentId, "decisions", "runs", ...(decision.approval ? (["approvals"] as const) : []));
  if (decision.outcome === "allow") announce(ctx.environmentId, "budgets");
  const { environmentId } = ctx;
  const names = [
    ...(question.tool ? [{ environmentId, kind: "tool" as const, name: question.tool }] : []),
    ...(question.connector ? [{ environmentId, kind: "connector" as const, name: question.connector }] : []),
  ];
  if (names.length > 0) await touchFleet(reader().sql, { agents: [], names });
}

function answer(ctx: Ctx, question: Question, answered: Answered): Decision {
  // Names of tools for filters: the answer does not wait for them.
  after(ctx, question, answered.decision).catch(() => undefined);
  return opened(answered);
}

/**
 * May this step happen? Judged over everything that is true of the environment, booked and recorded in one transaction.
 * @throws Failure `not_found` | `run_finished` | `lease_lost` | `request_id_reused` | `args_not_canonical` | `unavailable`
 */
export async function decide(ctx: Ctx, raw: unknown, url: UrlOf): Promise<Decision> {
  assertMay(ctx, "decisions.write");
  const question = parse(questionInput, raw);
  return answer(ctx, question, await enterBook(ctx.environmentId, entryOf(ctx, question, url)));
}

export type BatchAnswer =
  | Decision
  | { error: { code: string; message: string; errors?: { path: string; message: string }[] } };

/** Several questions in the order they stand; one that cannot be decided is an entry of its own and stops no other. */
export async function decideBatch(ctx: Ctx, raw: unknown, url: UrlOf): Promise<BatchAnswer[]> {
  assertMay(ctx, "decisions.write");
  if (!Array.isArray(raw))
    throw new Failure("invalid_input", "Send an array of questions.", {
      errors: [{ path: "", message: "Must be an array." }],
    });
  if (raw.length > 100)
    throw new Failure("invalid_input", "At most 100 questions.", {
      errors: [{ path: "", message: "Has more than 100." }],
    });
  const parsed = raw.map((one: unknown): Question | Failure => {
    try {
      return parse(questionInput, one);
    } catch (err) {
      if (err instanceof Failure) return err;
      throw err;
    }
  });
  const questions = parsed.filter((q): q is Question => !(q instanceof Failure));
  const answers = await enterAll(
    ctx.environmentId,
    questions.map((q) => entryOf(ctx, q, url)),
  );
  let n = 0;
  return parsed.map((question): BatchAnswer => {
    if (question instanceof Failure) return refused(question);
    const one = answers[n++];
    return one?.status === "fulfilled" ? answer(ctx, question, one.value) : refused(one?.reason);
  });
}

function refused(err: unknown): BatchAnswer {
  if (!(err instanceof Failure) || err.code === "unavailable") throw err;
  return { error: { code: err.code, message: err.message, ...(err.errors ? { errors: err.errors } : {}) } };
}
