import { IconAlertTriangle, IconCheck, IconHourglass, IconPower, IconX } from "@tabler/icons-react";
import type { EvaluatorShape } from "@/lib/evaluations/schema";
import { St } from "../kit/status";

const STATES = {
  off: ["quiet", IconPower, "off"],
  fails: ["bad", IconX, "fails"],
  "some fail": ["warn", IconAlertTriangle, "some fail"],
  answers: ["good", IconCheck, "answers"],
  waits: ["quiet", IconHourglass, "no run yet today"],
} as const;

function stateOf(e: EvaluatorShape): keyof typeof STATES {
  if (!e.enabled) return "off";
  if (e.failed_24h > 0) return e.scored_24h > 0 ? "some fail" : "fails";
  return e.scored_24h > 0 ? "answers" : "waits";
}

export function EvaluatorState({ of }: { of: EvaluatorShape }) {
  const [tone, Icon, word] = STATES[stateOf(of)];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {word}
    </St>
  );
}

/** Why a run got no scores, while that is still so. */
export const troubleOf = (e: EvaluatorShape): string | null =>
  e.failed_24h > 0 || (e.enabled && e.scored_24h === 0) ? e.last_error : null;
