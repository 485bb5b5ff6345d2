import { announce } from "../platform/announce";
import { reader } from "../platform/verb";
import { enterBook } from "./queue";
import { expireHold } from "./settle";
import { EXPIRED_AT_ONCE } from "./store/load";
import * as store from "./store/reads";

/** @returns how many */
const expireSome = (environmentId: string): Promise<number> =>
  enterBook(environmentId, {
    prepare: async () => null,
    wants: (_ready, w) => {
      w.expired = true;
    },
    run: (book) => [...book.holds.values()].filter((hold) => expireHold(book, hold)).length,
  });

/** Holds whose time is over become unsettled, their writes unknown; rate tokens that nobody can see any more go. */
export async function sweepHolds(): Promise<void> {
  for (const environmentId of await store.withExpiredHolds(reader().sql)) {
    while ((await expireSome(environmentId)) >= EXPIRED_AT_ONCE) announce(environmentId, "budgets");
    announce(environmentId, "budgets", "decisions");
  }
  await store.dropOldHits(reader().sql);
}

/** A live run's calls in flight stay held as long as it says that it lives. */
export const renewHolds = async (environmentId: string, runId: string): Promise<void> => {
  await store.renewHolds(reader().sql, environmentId, runId);
};
