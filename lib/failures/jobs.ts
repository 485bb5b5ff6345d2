import { notify } from "../notifications";
import { announce } from "../platform/announce";
import { inTransaction } from "../platform/verb";
import { reviewMessage } from "./messages";
import * as store from "./store";

/** Overdue reviews are told once a day until somebody looks. */
export async function tellReviews(): Promise<void> {
  const due = await inTransaction(async (tx) => {
    const taken = await store.takeDue(tx);
    for (const { environmentId, slug, again } of taken) {
      const row = await store.failure(tx, environmentId, slug);
      if (row) await notify(tx, reviewMessage(environmentId, row, again ? "reminder" : "opened"));
    }
    return taken;
  });
  for (const environmentId of new Set(due.map((d) => d.environmentId))) announce(environmentId, "failures");
}
