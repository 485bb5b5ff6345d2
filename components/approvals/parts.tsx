"use client";

import {
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClockPause,
  IconClockX,
  IconEye,
  IconFlame,
  IconHammer,
  IconHourglass,
  IconPencil,
} from "@tabler/icons-react";
import type { ApprovalShape, ApprovalStatus } from "@/lib/approvals/schema";
import { St, Tag, type Tone } from "../kit/status";
import { useClock } from "../kit/time";
import { vars } from "../kit/vars";
import s from "./parts.module.css";
import { clockOf } from "./words";

/** What the call does to the world; irreversible is the only red one. */
export function EffectTag({ effect }: { effect: string | null }) {
  if (effect === null) return null;
  if (effect === "irreversible")
    return (
      <Tag tone="bad" icon={<IconFlame size={12} aria-hidden />}>
        irreversible
      </Tag>
    );
  return (
    <Tag icon={effect === "write" ? <IconPencil size={12} aria-hidden /> : <IconEye size={12} aria-hidden />}>
      {effect}
    </Tag>
  );
}

const OUTCOMES: Record<ApprovalStatus, [Tone, typeof IconEye]> = {
  pending: ["warn", IconHourglass],
  approved: ["good", IconCircleCheck],
  used: ["good", IconCircleCheck],
  denied: ["bad", IconCircleX],
  expired: ["warn", IconClockX],
  cancelled: ["quiet", IconBan],
};

export function Outcome({ status, short }: { status: ApprovalStatus; short?: boolean }) {
  const [tone, Icon] = OUTCOMES[status];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {status === "used" ? (short ? "approved" : "approved, used") : status}
    </St>
  );
}

export const GlassTag = ({ open }: { open: boolean }) => (
  <Tag tone="warn" hatched={open} icon={<IconHammer size={12} aria-hidden />}>
    {open ? "review open" : "glass broken"}
  </Tag>
);

/** How long it waits, ticking. */
export function Waited({ of, large }: { of: ApprovalShape; large?: boolean }) {
  const text = useClock((now) => clockOf(of, now).waited, "–");
  const late = useClock((now) => String(clockOf(of, now).late), "false");
  return (
    <span className={s.waited} data-late={late === "true" || undefined} data-large={large || undefined}>
      <span className="il-sr">waits </span>
      {text}
    </span>
  );
}

/** "escalates in 3:18", or that a stop holds its clock. */
export function Due({ of }: { of: ApprovalShape }) {
  const text = useClock((now) => clockOf(of, now).due, "–");
  if (!of.frozen_at) return <span className={s.due}>{text}</span>;
  return (
    <St tone="pause" icon={<IconClockPause size={14} aria-hidden />} title="A stop or a pause holds its clocks">
      {text}
    </St>
  );
}

/** How much of its stage's time is over; the words beside it say the same. */
export function ClockBar({ of }: { of: ApprovalShape }) {
  const used = useClock((now) => String(Math.round(clockOf(of, now).used * 100)), "0");
  const late = useClock((now) => String(clockOf(of, now).late), "false");
  return (
    <span className={s.bar} data-late={late === "true" || undefined} aria-hidden>
      <i style={vars({ "--v": `${used}%` })} />
    </span>
  );
}
