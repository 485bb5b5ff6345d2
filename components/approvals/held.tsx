"use client";

import { IconClockPause, IconShieldHalf } from "@tabler/icons-react";
import type { SwitchShape } from "@/lib/controls/schema";
import { modeWord } from "../kit/mode-pill";
import { Note } from "../kit/note";

/** A switch over the call: an approval is a yes, and lifts none. */
export function Held({ by, frozen }: { by: SwitchShape | undefined; frozen: boolean }) {
  const Icon = frozen ? IconClockPause : IconShieldHalf;
  return (
    <Note tone="warn" icon={<Icon size={17} aria-hidden />}>
      {by ? (
        <>
          <b>
            {modeWord(by.mode)} covers {by.scope.key ?? "everything here"}.
          </b>{" "}
          “{by.reason}”, {by.set_by_name}.{" "}
        </>
      ) : (
        <b>A stop or a pause covers it. </b>
      )}
      What you approve waits until it is released; no approval lifts it.{" "}
      {frozen ? "Its clocks are held meanwhile." : "Its clocks go on."}
    </Note>
  );
}
