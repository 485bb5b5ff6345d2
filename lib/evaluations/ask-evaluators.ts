import { announce } from "../platform/announce";
import { newId } from "../platform/ids";
import { log } from "../platform/log";
import { outbound } from "../platform/outbound";
import { inTransaction, reader } from "../platform/verb";
import { touchRuns } from "../runs";
import { evaluatorAnswer } from "./shapes/evaluator";
import * as store from "./store/evaluators";
import { insert, runsOf } from "./store/scores";

const AT_ONCE = 8;
const TRIES = 3;

/** Puts one run to one evaluator. Its scores are evaluations like any other: rules on `eval_score` see them within a second. */
async function ask(d: store.Due): Promise<void> {
  try {
    const run = await store.told(reader().sql, d.environment_id, d.run_id);
    if (!run) return void (await store.settle(reader().sql, d, "failed", "The run is gone."));
    const answer = evaluatorAnswer.safeParse(
      await outbound(d.url, { evaluator: d.evaluator, run }, d.timeout_s * 1000),
    );
    if (!answer.success) throw new Error(`its answer is no list of scores: ${answer.error.issues[0]?.message ?? ""}`);
    await inTransaction(async (tx) => {
      const of = (await runsOf(tx, d.environment_id, [d.run_id])).get(d.run_id);
      if (!of) return;
      const scores = answer.data.scores.map((s) => ({
        ...s,
        id: newId("evl"),
        of,
        run_id: d.run_id,
        evaluator: d.evaluator,
      }));
      await insert(tx, d.environment_id, scores);
      await store.settle(tx, d, "scored", null);
      await touchRuns(tx, [d]);
    });
    announce(d.environment_id, "evaluations");
  } catch (err) {
    const why = (err as Error).message.slice(0, 300);
    const over = d.attempts >= TRIES;
    await store.settle(reader().sql, d, over ? "failed" : "asked", why);
    log.info({ evaluator: d.evaluator, run: d.run_id, again: !over, why }, "an evaluator gave no scores");
  }
}

/** Runs that have ended are put to the evaluators that want them: three tries each, a minute and more apart. */
export async function askEvaluators(): Promise<void> {
  for (let again = true; again; ) {
    const due = await inTransaction((tx) => store.claim(tx, AT_ONCE));
    await Promise.all(due.map(ask));
    again = due.length === AT_ONCE;
  }
  await store.forget(reader().sql);
}
