import {
  IconAlertCircle,
  IconAlertOctagon,
  IconAlertTriangle,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconClockPause,
  IconEye,
  IconHandStop,
  IconHourglass,
  IconInfoCircle,
  IconLoader2,
  IconLock,
  IconPlugConnectedX,
  IconQuestionMark,
  IconSend,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import s from "./status.module.css";
import { stopReasonFamily, stopReasonLabel } from "./stop-reasons";
import { cx } from "./vars";

export type Tone = "good" | "warn" | "bad" | "pause" | "quiet" | "plain" | "accent";

type Marked = { tone?: Tone; icon?: ReactNode; children: ReactNode; title?: string; className?: string };

/** Icon and word, no box: the form for tables. */
export function St({ tone = "plain", icon, children, title, className }: Marked) {
  return (
    <span className={cx(s.st, className)} data-tone={tone} title={title}>
      {icon}
      {children}
    </span>
  );
}

/** A boxed word; `hatched` where it is not certain. */
export function Tag({
  tone,
  icon,
  mono,
  hatched,
  children,
  title,
  className,
}: Marked & { mono?: boolean; hatched?: boolean }) {
  return (
    <span
      className={cx(s.tag, className)}
      data-tone={tone}
      data-mono={mono || undefined}
      data-hatched={hatched || undefined}
      title={title}
    >
      {icon}
      {children}
    </span>
  );
}

export type RunState = "running" | "waiting" | "completed" | "failed" | "stopped" | "lost";
const RUN = {
  running: ["accent", IconLoader2],
  waiting: ["warn", IconHourglass],
  completed: ["quiet", IconCircleCheck],
  failed: ["bad", IconCircleX],
  stopped: ["bad", IconHandStop],
  lost: ["warn", IconPlugConnectedX],
} as const satisfies Record<RunState, readonly [Tone, typeof IconEye]>;

export function RunStatus({ status }: { status: RunState }) {
  const [tone, Icon] = RUN[status];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden className={status === "running" ? s.turning : undefined} />}>
      {status}
    </St>
  );
}

/** The code in mono with its family's square; in words with `words`. */
export function StopReason({ code, words }: { code: string; words?: boolean }) {
  return (
    <span
      className={s.reason}
      data-fam={stopReasonFamily(code)}
      data-words={words || undefined}
      title={stopReasonLabel(code)}
    >
      <i aria-hidden />
      {words ? stopReasonLabel(code) : code}
    </span>
  );
}

/** What a run's column says: its stop reason once it has one, else its status. */
export function RunOutcome({ status, stopReason }: { status: RunState; stopReason?: string | null }) {
  return stopReason ? <StopReason code={stopReason} /> : <RunStatus status={status} />;
}

/** Enforced: refusals hold. Cooperative: the agent only stops when it asks. */
export function Gate({ enforced, detail }: { enforced: boolean; detail?: ReactNode }) {
  const Icon = enforced ? IconLock : IconEye;
  return (
    <St
      tone={enforced ? "plain" : "warn"}
      icon={<Icon size={14} aria-hidden />}
      title={enforced ? "Its calls pass the gate and can be refused" : "It stops only when it next asks"}
    >
      {enforced ? "enforced" : "cooperative"}
      {detail}
    </St>
  );
}

export type SeverityLevel = "info" | "warning" | "high" | "critical";

/** Only critical is boxed. */
export function Severity({ level }: { level: SeverityLevel }) {
  switch (level) {
    case "critical":
      return (
        <Tag tone="bad" icon={<IconAlertCircle size={12} stroke={2.2} aria-hidden />}>
          Critical
        </Tag>
      );
    case "high":
      return (
        <St tone="bad" icon={<IconAlertOctagon size={14} aria-hidden />}>
          High
        </St>
      );
    case "warning":
      return (
        <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
          Warning
        </St>
      );
    case "info":
      return <St icon={<IconInfoCircle size={14} aria-hidden />}>Info</St>;
  }
}

export type ObedienceState = "requested" | "seen" | "confirmed" | "not_seen" | "lost" | "unconfirmable";
export const OBEDIENCE = {
  requested: { tone: "plain", word: "requested", Icon: IconSend },
  seen: { tone: "good", word: "seen", Icon: IconEye },
  confirmed: { tone: "good", word: "confirmed", Icon: IconCheck },
  not_seen: { tone: "warn", word: "not seen", Icon: IconClockPause },
  lost: { tone: "quiet", word: "lost", Icon: IconQuestionMark },
  unconfirmable: { tone: "warn", word: "cannot be confirmed", Icon: IconQuestionMark },
} as const satisfies Record<ObedienceState, { tone: Tone; word: string; Icon: typeof IconEye }>;

/** `count` puts a number before the word: "20 seen". */
export function Obedience({ state, count, detail }: { state: ObedienceState; count?: number; detail?: ReactNode }) {
  const { tone, word, Icon } = OBEDIENCE[state];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {count === undefined ? word : `${count} ${word}`}
      {detail}
    </St>
  );
}
