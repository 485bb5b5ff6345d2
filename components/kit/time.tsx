"use client";

import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import { clockUtc, duration, exactUtc, relative, shortUtc } from "./numbers";
import s from "./time.module.css";

export type Instant = string | number | Date;
const toMs = (at: Instant) => (at instanceof Date ? at.getTime() : typeof at === "number" ? at : Date.parse(at));

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for every clock on the page; none while nothing is shown. */
function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

const Rendered = createContext<number | undefined>(undefined);

export function NowProvider({ now, children }: { now?: number; children: ReactNode }) {
  return <Rendered value={now}>{children}</Rendered>;
}

/** Text that follows the clock; it renders again only when the text changes. */
export function useClock(read: (now: number) => string, first: string): string {
  const rendered = useContext(Rendered);
  return useSyncExternalStore(
    subscribe,
    () => read(Date.now()),
    () => (rendered === undefined ? first : read(rendered)),
  );
}

/** "7 min ago", ticking; the exact time on hover and in `<time>`. */
export function RelativeTime({ at, now }: { at: Instant | null | undefined; now?: number }) {
  const ms = at === null || at === undefined ? Number.NaN : toMs(at);
  const known = Number.isFinite(ms);
  const date = new Date(known ? ms : 0);
  const text = useClock(
    (clock) => (known ? relative(ms, now ?? clock) : "never"),
    known ? `${clockUtc(date)} UTC` : "never",
  );
  if (!known) return <span>never</span>;
  return (
    <time className={s.time} dateTime={date.toISOString()} title={exactUtc(date)}>
      {text}
    </time>
  );
}

/** The exact time: "09:07:12" today, with the date before; `full` for "20 Nov 2026 09:07:12.408 UTC". */
export function ExactTime({ at, full }: { at: Instant; full?: boolean }) {
  const date = new Date(toMs(at));
  const text = useClock(
    (clock) => (full ? exactUtc(date) : shortUtc(date, new Date(clock))),
    full ? exactUtc(date) : clockUtc(date),
  );
  return (
    <time className={s.time} dateTime={date.toISOString()} title={exactUtc(date)}>
      {text}
    </time>
  );
}

/** A length of time; with `since` it counts up from there. */
export function Duration({
  seconds,
  since,
  form = "table",
}: {
  seconds?: number | null;
  since?: Instant;
  form?: "table" | "prose";
}) {
  const start = since === undefined ? Number.NaN : toMs(since);
  const read = (now: number) => {
    if (!Number.isFinite(start)) return duration(seconds, form);
    const passed = Math.max(0, Math.floor((now - start) / 1000));
    return passed < 60 ? `${passed} s` : duration(passed, form);
  };
  const text = useClock(read, Number.isFinite(start) ? "–" : duration(seconds, form));
  return <span className={s.time}>{text}</span>;
}
