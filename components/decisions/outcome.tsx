import { IconBan, IconCheck, IconHourglass, IconRepeat, IconUserQuestion } from "@tabler/icons-react";
import type { Outcome } from "@/lib/decisions/schema";
import { Tag, type Tone } from "../kit/status";

const OUTCOMES: Record<Outcome, { tone: Tone; Icon: typeof IconBan }> = {
  allow: { tone: "good", Icon: IconCheck },
  deny: { tone: "bad", Icon: IconBan },
  require_approval: { tone: "warn", Icon: IconUserQuestion },
  replay: { tone: "pause", Icon: IconRepeat },
  wait: { tone: "warn", Icon: IconHourglass },
};

/** allow · deny · require_approval · replay · wait, in these words everywhere. */
export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  const { tone, Icon } = OUTCOMES[outcome];
  return (
    <Tag tone={tone} icon={<Icon size={12} aria-hidden />}>
      {outcome}
    </Tag>
  );
}
