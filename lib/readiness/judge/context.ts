import type { Facts } from "./facts";
import { counted, type Judged, list, type Part } from "./part";
import { everywhere, said, value } from "./policy";
import { question, runPath, versionOf } from "./question";
import { ruleOn } from "./rules";

const MANY_STEPS = 10;
function longRun(f: Facts): Part {
  const longest = f.runs?.longest;
  if (longest && longest.steps >= MANY_STEPS)
    return { ok: true, say: `A run of ${versionOf(f)} took ${longest.steps} steps`, path: runPath(longest.run_id) };
  return {
    ok: null,
    say: longest
      ? `Not known: the longest run of ${versionOf(f)} has ${counted(longest.steps, "step")}, none has ${MANY_STEPS}`
      : `Not known: no run of ${versionOf(f)} was seen`,
    mend: ["Run it for longer", `/runs?agent_id=${encodeURIComponent(f.agentId)}`],
  };
}

export const contextDegrades = (f: Facts): Judged =>
  question(1, "context_degrades", "What happens when context degrades over ten steps and more?", [
    everywhere(
      f,
      (h) => h.mode === "enforce" && (said(h, "context.max_input_tokens") || said(h, "context.summarize_above")),
      `Its policy limits the context: ${list(
        ["context.max_input_tokens", "context.summarize_above"].flatMap((key) =>
          f.held[0] && said(f.held[0], key) ? [`${key} ${String(value(f.held[0], key))}`] : [],
        ),
      )}`,
      "No policy in force limits its context",
    ),
    ruleOn(f, ["context_growth", "context_jump", "input_tokens_per_turn"], "the growth of its context"),
    longRun(f),
  ]);
