import { beginAndLock, refresh } from "../controls";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { inKeyedTransaction } from "../platform/verb";
import type { Book } from "./book";
import { type View, viewOf } from "./prepare";
import { loadBook, noWants, type Wants } from "./store/load";
import { saveBook } from "./store/save";

/** One thing that the book is opened for: asked again whenever the environment's rules have moved meanwhile. */
export type Entry<P> = {
  /** What has to be known. Pure; `ready` was made for the view that still holds. */
  wants: (ready: P, wants: Wants) => void;
  /** Everything that needs no lock. Called again with a newer view when the revision has moved. */
  prepare: (view: View) => Promise<P>;
  /** Judges and books, in the order of the batch. What it throws is this entry's answer alone. */
  run: (book: Book, ready: P) => unknown;
};
type Waiting = {
  entry: Entry<unknown>;
  ready: unknown;
  revision: number;
  resolve: (value: unknown) => void;
  reject: (err: unknown) => void;
};

/** Of one environment, in this process: one batch is in the database, the next gathers. Others wait at the same lock there. */
const BATCH = 256;
const TRIES = 10;
const lines = new Map<string, { waiting: Waiting[]; busy: boolean }>();

/**
 * Enters one thing into the environment's book, together with what else has gathered: one lock, one read, one write, one
 * commit. Resolves after the commit.
 * @throws Failure what `run` throws | `unavailable`
 */
export async function enterBook<P, T>(
  environmentId: string,
  entry: Entry<P> & { run: (book: Book, ready: P) => T },
): Promise<T> {
  const view = await viewOf(environmentId);
  return stand(environmentId, view, entry, await entry.prepare(view));
}

/**
 * Several things at once. They stand in the line in the order given, however long each takes to be made ready; each has an
 * answer of its own.
 */
export async function enterAll<P, T>(
  environmentId: string,
  entries: readonly (Entry<P> & { run: (book: Book, ready: P) => T })[],
): Promise<PromiseSettledResult<T>[]> {
  const view = await viewOf(environmentId);
  const ready = await Promise.allSettled(entries.map((entry) => entry.prepare(view)));
  return Promise.allSettled(
    entries.map((entry, n) => {
      const one = ready[n];
      if (one?.status !== "fulfilled") return Promise.reject<T>(one?.reason);
      return stand(environmentId, view, entry, one.value);
    }),
  );
}

function stand<P, T>(
  environmentId: string,
  view: View,
  entry: Entry<P> & { run: (book: Book, ready: P) => T },
  ready: P,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const line = lines.get(environmentId) ?? { waiting: [], busy: false };
    lines.set(environmentId, line);
    line.waiting.push({
      entry: entry as unknown as Entry<unknown>,
      ready,
      revision: view.snapshot.revision,
      resolve: resolve as (value: unknown) => void,
      reject,
    });
    if (!line.busy) void drain(environmentId, line);
  });
}

async function drain(environmentId: string, line: { waiting: Waiting[]; busy: boolean }): Promise<void> {
  line.busy = true;
  while (line.waiting.length > 0) await commit(environmentId, line.waiting.splice(0, BATCH));
  line.busy = false;
}

type Answer = { waiting: Waiting; ok: boolean; value: unknown };

/** A batch is there, or it is not; one that poisons the statement is found by trying each alone. */
async function commit(environmentId: string, batch: Waiting[]): Promise<void> {
  try {
    const answers = await write(environmentId, batch);
    for (const { waiting, ok, value } of answers) ok ? waiting.resolve(value) : waiting.reject(value);
  } catch (err) {
    const ours = err instanceof TypeError || err instanceof RangeError;
    const poisoned = ours || /^(22|23|54)/.test(String((err as { code?: string }).code ?? ""));
    if (poisoned && batch.length > 1) for (const one of batch) await commit(environmentId, [one]);
    else for (const one of batch) one.reject(err);
  }
}

async function write(environmentId: string, batch: Waiting[]): Promise<Answer[]> {
  for (let n = 0; n < TRIES; n++) {
    const answers = await inKeyedTransaction(beginAndLock(environmentId), (tx, begun) =>
      attempt(tx, environmentId, (begun.rows[0] as { revision: number } | undefined)?.revision ?? 0, batch),
    );
    if (answers) return answers;
    // A switch, a policy or a budget has moved since these were judged: they are judged again by what holds now.
    await refresh(environmentId);
    await again(environmentId, batch);
  }
  throw new Failure("unavailable", "The environment's rules keep changing. Ask again.", { retryAfterS: 1 });
}

async function again(environmentId: string, batch: Waiting[]): Promise<void> {
  const view = await viewOf(environmentId);
  for (let n = batch.length - 1; n >= 0; n--) {
    const one = batch[n];
    if (!one) continue;
    try {
      one.ready = await one.entry.prepare(view);
      one.revision = view.snapshot.revision;
    } catch (err) {
      one.reject(err);
      batch.splice(n, 1);
    }
  }
}

/** @returns null where the rules have moved since these were made ready */
async function attempt(tx: Sql, environmentId: string, revision: number, batch: Waiting[]): Promise<Answer[] | null> {
  if (batch.some((one) => one.revision !== revision)) return null;
  const wants = noWants();
  for (const { entry, ready } of batch) entry.wants(ready, wants);
  const book = await loadBook(tx, environmentId, revision, wants);
  const answers = batch.map((waiting): Answer => {
    try {
      return { waiting, ok: true, value: waiting.entry.run(book, waiting.ready) };
    } catch (err) {
      if (!(err instanceof Failure)) throw err;
      return { waiting, ok: false, value: err };
    }
  });
  await saveBook(tx, environmentId, book);
  return answers;
}
