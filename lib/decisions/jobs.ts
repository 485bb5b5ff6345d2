import { announce } from "../platform/announce";
import { reader } from "../platform/verb";
import { enterBook } from "./queue";
import { expireHold } from "./settle";
import * as store from "./store/reads";

/** Holds whose time is over become unsettled, their writes unknown; rate tokens that nobody can see any more go. */
export async function sweepHolds(): Promise<void> {
  for (const environmentId of await store.withExpiredHolds(reader().sql)) {
    await enterBook(environmentId, {
      prepare: async () => null,
      wants: (_ready, w) => {
        w.expired = true;
      },
      run: (book) => {
        for (const hold of book.holds.values()) expireHold(book, hold);
      },
    });
    announce(environmentId, "budgets", "decisions");
  }
  await store.dropOldHits(reader().sql);
}

/** A live run's calls in flight stay held as long as it says that it lives. */
export const renewHolds = async (environmentId: string, runId: string): Promise<void> => {
  await store.renewHolds(reader().sql, environmentId, runId);
};
