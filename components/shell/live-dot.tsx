import s from "./live-dot.module.css";

export type LiveState = "live" | "reconnecting" | "offline";
const WORDS: Record<LiveState, string> = { live: "Live", reconnecting: "Reconnecting", offline: "Offline" };

/** Whether what is shown is of now. On a phone the word stays while it is not live. */
export function LiveDot({ live }: { live: LiveState }) {
  return (
    <span className={s.live} data-live={live} role="status">
      <i aria-hidden />
      <span>{WORDS[live]}</span>
    </span>
  );
}
