import {
  IconBan,
  IconBell,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconMail,
  IconMessage,
  IconRefresh,
  IconWebhook,
} from "@tabler/icons-react";
import type { ChannelKind, ChannelShape, DeliveryState } from "@/lib/notifications/schema";
import { St, type Tone } from "../kit/status";
import s from "./notifications.module.css";

const KINDS = { slack: IconMessage, webhook: IconWebhook, email: IconMail, pagerduty: IconBell } as const;
export function KindIcon({ kind }: { kind: ChannelKind }) {
  const Icon = KINDS[kind];
  return <Icon size={15} aria-hidden className={s.kind} />;
}

const STATES: Record<DeliveryState, [Tone, typeof IconCheck, string]> = {
  queued: ["quiet", IconClock, "not tried yet"],
  sent: ["good", IconCheck, "delivered"],
  failed: ["warn", IconRefresh, "trying again"],
  dead: ["bad", IconCircleX, "given up"],
};
export const stateWords = (state: DeliveryState): string => STATES[state][2];
export function DeliveryStatus({ state }: { state: DeliveryState }) {
  const [tone, Icon, words] = STATES[state];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {words}
    </St>
  );
}

/** Whether anybody is reached by it, as its newest delivery tells. */
export function ChannelStatus({ of }: { of: ChannelShape }) {
  const [tone, Icon, words, title] = statusOf(of);
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />} title={title}>
      {words}
    </St>
  );
}

function statusOf(c: ChannelShape): [Tone, typeof IconCheck, string, string?] {
  if (!c.enabled) return ["quiet", IconBan, "switched off"];
  if (c.problem) return ["bad", IconCircleX, "cannot send", c.problem];
  if (!c.last) return ["quiet", IconCircleDashed, "nothing sent yet"];
  const why = c.last.last_status === null ? "no answer" : String(c.last.last_status);
  switch (c.last.state) {
    case "sent":
      return c.last.last_error
        ? ["warn", IconCircleCheck, "works in part", c.last.last_error]
        : ["good", IconCircleCheck, "works"];
    case "queued":
      return ["plain", IconClock, "sending"];
    case "failed":
      return ["warn", IconRefresh, `${why}, trying again`, c.last.last_error ?? undefined];
    case "dead":
      return ["bad", IconCircleX, `${why}, given up`, c.last.last_error ?? undefined];
  }
}
