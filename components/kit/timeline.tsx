import { IconPoint } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import s from "./timeline.module.css";

export type TimelineEvent = {
  id: string;
  time: ReactNode;
  what: ReactNode;
  icon?: ComponentType<{ size?: number; stroke?: number }>;
  tone?: "good" | "warn" | "bad" | "accent";
  /** Who or why, small. */
  sub?: ReactNode;
  right?: ReactNode;
};

/** What happened, newest last. Tone only for alert, switch, refusal and uncertainty. */
export function Timeline({ events, label }: { events: TimelineEvent[]; label?: string }) {
  return (
    <ol className={s.timeline} aria-label={label}>
      {events.map((event) => {
        const Icon = event.icon ?? IconPoint;
        return (
          <li key={event.id} data-tone={event.tone}>
            <div className={s.time}>{event.time}</div>
            <i aria-hidden>
              <Icon size={12} stroke={2} />
            </i>
            <div>
              {event.what}
              {event.sub && <small>{event.sub}</small>}
            </div>
            {event.right && <div className={s.right}>{event.right}</div>}
          </li>
        );
      })}
    </ol>
  );
}
