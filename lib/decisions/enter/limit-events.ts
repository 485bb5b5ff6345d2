import { counted, soft } from "../../budgets";
import type { Asked } from "../asked";
import { type Book, keyed, type Run, spendOf } from "../book";
import { amountsOf, CODE } from "../order/money";
import type { Judgement } from "../order/verdict";

export type Amounts = ReturnType<typeof amountsOf>;
function noteLimit(
  book: Book,
  a: Asked,
  at: { source: string; scope: string; start: number; kind: "soft" | "hard" },
  cap: { sum: string; amount: number; softThen: string },
  value: number,
) {
  const key = keyed(at.source, at.scope, cap.sum, at.start, at.kind);
  if (book.changes.events.has(key)) return;
  book.changes.events.set(key, {
    source: at.source,
    scope: at.scope,
    window_start: new Date(at.start).toISOString(),
    limit_kind: at.kind,
    metric: cap.sum,
    then: at.kind === "soft" ? cap.softThen : "stop",
    value,
    amount: cap.amount,
    run_id: a.question.run_id,
    agent_id: a.of.agentId,
    at: new Date(book.now).toISOString(),
  });
}

/** Soft limits that this call passes: each once a window. */
export function softened(book: Book, a: Asked, run: Run, more: Amounts): void {
  for (const cap of a.ceilings[0]?.caps ?? []) {
    const spend = spendOf(book, run.runId);
    if (more[cap.sum] > 0 && soft(cap, spend, more[cap.sum]) && !soft(cap, spend, 0))
      noteLimit(
        book,
        a,
        { source: cap.source, scope: `run ${run.runId}`, start: run.startedAt, kind: "soft" },
        cap,
        counted(spend, cap.sum) + more[cap.sum],
      );
  }
  for (const w of a.watched) {
    const of = book.windows.get(keyed(w.kind, w.key))?.get(w.window);
    if (of && more[w.cap.sum] > 0 && soft(w.cap, of.spend, more[w.cap.sum]) && !soft(w.cap, of.spend, 0))
      noteLimit(
        book,
        a,
        { source: w.cap.source, scope: `${w.kind} ${w.key}`, start: of.start, kind: "soft" },
        w.cap,
        counted(of.spend, w.cap.sum) + more[w.cap.sum],
      );
  }
}

/** A hard limit that held a call back. */
export function hardened(book: Book, a: Asked, run: Run, j: Judgement): void {
  const more = amountsOf(a);
  // One document caps several sums: the refusal's code says which of them it was.
  const met = (c: { source: string; sum: keyof typeof CODE }) =>
    c.source === j.rule && CODE[c.sum] === j.code && more[c.sum] > 0;
  const own = a.ceilings[0]?.caps.find(met);
  const w = a.watched.find((x) => met(x.cap));
  if (own)
    noteLimit(
      book,
      a,
      { source: own.source, scope: `run ${run.runId}`, start: run.startedAt, kind: "hard" },
      own,
      counted(spendOf(book, run.runId), own.sum),
    );
  const of = w && book.windows.get(keyed(w.kind, w.key))?.get(w.window);
  if (!own && w && of)
    noteLimit(
      book,
      a,
      { source: w.cap.source, scope: `${w.kind} ${w.key}`, start: of.start, kind: "hard" },
      w.cap,
      counted(of.spend, w.cap.sum),
    );
}
