import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCircleCheck,
  IconPlugConnectedX,
  IconQuestionMark,
  IconVolumeOff,
} from "@tabler/icons-react";
import type { TargetState } from "@/lib/readiness/schema";
import { St, type Tone } from "../kit/status";
import { STATE_WORDS, type Standing } from "./words";

const STATES: Record<TargetState, [Tone, typeof IconAlertCircle]> = {
  verified: ["good", IconCircleCheck],
  unverified: ["warn", IconQuestionMark],
  mismatch: ["bad", IconAlertCircle],
  unreachable: ["warn", IconPlugConnectedX],
  silent: ["warn", IconVolumeOff],
};
export function TargetMark({ state }: { state: TargetState }) {
  const [tone, Icon] = STATES[state];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {STATE_WORDS[state]}
    </St>
  );
}

const STANDINGS: Record<Standing, [Tone, typeof IconAlertCircle, string]> = {
  met: ["good", IconCircleCheck, "answered"],
  open: ["bad", IconAlertCircle, "not answered"],
  unknown: ["warn", IconQuestionMark, "not known"],
  waived: ["warn", IconAlertTriangle, "waived"],
};
export function StandingMark({
  of,
  met = "answered",
  open = "not answered",
}: {
  of: Standing;
  met?: string;
  open?: string;
}) {
  const [tone, Icon, word] = STANDINGS[of];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {of === "met" ? met : of === "open" ? open : word}
    </St>
  );
}

export function ReadyMark({ ready, blocking }: { ready: boolean; blocking: number }) {
  return ready ? (
    <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
      ready
    </St>
  ) : (
    <St tone="bad" icon={<IconAlertCircle size={14} aria-hidden />}>
      {blocking} {blocking === 1 ? "blocks" : "block"}
    </St>
  );
}
