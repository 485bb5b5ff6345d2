import { IconAlertCircle, IconCircleCheck, IconProgress } from "@tabler/icons-react";
import type { DrillOutcome } from "@/lib/controls/schema";
import { St } from "../../kit/status";

const OUTCOMES = {
  running: { tone: "accent", word: "running", Icon: IconProgress },
  proven: { tone: "good", word: "proven", Icon: IconCircleCheck },
  failed: { tone: "bad", word: "failed", Icon: IconAlertCircle },
} as const satisfies Record<DrillOutcome, { tone: string; word: string; Icon: typeof IconProgress }>;

export function Outcome({ of }: { of: DrillOutcome }) {
  const { tone, word, Icon } = OUTCOMES[of];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {word}
    </St>
  );
}
