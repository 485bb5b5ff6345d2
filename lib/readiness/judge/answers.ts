import type { Facts } from "./facts";
import { counted, type Judged, list, type Part } from "./part";
import { question, versionOf } from "./question";
import { ruleOn } from "./rules";

function scored(f: Facts): Part {
  const { scores } = f;
  if (!scores)
    return {
      ok: null,
      say: `Not known: no evaluator has scored ${versionOf(f)}`,
      mend: ["Send scores", `/evaluations?agent=${encodeURIComponent(f.agentId)}`],
    };
  return {
    ok: true,
    say: `${counted(scores.scores, "score")} arrived for ${versionOf(f)}: ${list(scores.names)}`,
    path: `/evaluations?agent=${encodeURIComponent(f.agentId)}`,
  };
}
/** Either an evaluator looks at its answers and a rule at the evaluator, or a rule at how its runs end. */
export function wrongAnswer(f: Facts): Judged {
  const byScore = [scored(f), ruleOn(f, ["eval_score"], "eval_score")];
  const byEnding = ruleOn(f, ["failed_endings", "unacknowledged_errors"], "endings that contradict themselves");
  const parts = byScore.every((p) => p.ok) ? byScore : byEnding.ok ? [byEnding] : [...byScore, byEnding];
  return question(2, "wrong_answer", "How is a wrong answer behind a 200 noticed?", parts);
}
