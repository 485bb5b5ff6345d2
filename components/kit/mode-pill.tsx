import { IconHandStop, IconPlayerPause, IconPlayerPlay, IconShieldHalf } from "@tabler/icons-react";
import s from "./mode-pill.module.css";
import { cx } from "./vars";

export type Mode = "run" | "safe_mode" | "pause" | "stop";

export const MODES = {
  run: { word: "RUNNING", act: "Release", Icon: IconPlayerPlay },
  safe_mode: { word: "SAFE MODE", act: "Safe mode", Icon: IconShieldHalf },
  pause: { word: "PAUSED", act: "Pause", Icon: IconPlayerPause },
  stop: { word: "STOPPED", act: "Stop", Icon: IconHandStop },
} as const satisfies Record<Mode, { word: string; act: string; Icon: typeof IconHandStop }>;

/** The word of a mode; a stop that is still spreading is STOPPING, never STOPPED. */
export function modeWord(mode: Mode, stopping = false): string {
  return mode === "stop" && stopping ? "STOPPING" : MODES[mode].word;
}

const ICON = { sm: 12, md: 14, lg: 18 } as const;

export type ModePillProps = {
  mode: Mode;
  /** A stop not yet confirmed everywhere. */
  stopping?: boolean;
  size?: "sm" | "md" | "lg";
  /** For example "36 of 41 runs". */
  note?: string;
  className?: string;
};

export function ModePill({ mode, stopping, size = "md", note, className }: ModePillProps) {
  const { Icon } = MODES[mode];
  const state = mode === "stop" && stopping ? "stopping" : mode;
  return (
    <span className={cx(s.mode, className)} data-mode={state} data-size={size}>
      <Icon size={ICON[size]} stroke={2.2} aria-hidden />
      {modeWord(mode, stopping)}
      {note && <small>{note}</small>}
    </span>
  );
}
