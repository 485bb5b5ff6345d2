import { IconArrowBackUp, IconCheck, IconFence, IconLoader2, IconQuestionMark, IconX } from "@tabler/icons-react";
import type { EffectShape } from "@/lib/decisions/schema";
import { St, Tag, type Tone } from "../kit/status";

type Known = Exclude<EffectShape["status"], "unknown">;
/** Done is plain, never green: a write is not a success. */
const STATUSES: Record<Known, { tone: Tone; Icon: typeof IconX; word: string }> = {
  claimed: { tone: "accent", Icon: IconLoader2, word: "claimed" },
  done: { tone: "plain", Icon: IconCheck, word: "done" },
  committed: { tone: "plain", Icon: IconCheck, word: "committed" },
  not_done: { tone: "quiet", Icon: IconX, word: "not done" },
  rolled_back: { tone: "plain", Icon: IconArrowBackUp, word: "rolled back" },
  prepared: { tone: "pause", Icon: IconFence, word: "prepared" },
};

export function EffectStatus({ status }: { status: EffectShape["status"] }) {
  if (status === "unknown")
    return (
      <Tag
        hatched
        tone="warn"
        icon={<IconQuestionMark size={12} aria-hidden />}
        title="Nobody knows whether it happened"
      >
        unknown
      </Tag>
    );
  const { tone, Icon, word } = STATUSES[status];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {word}
    </St>
  );
}
