"use client";

import { Button } from "@mantine/core";
import { useState } from "react";
import type { CanaryShape } from "@/lib/evaluations/schema";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { detailOf } from "../runs/problem";
import { CanaryForm } from "./canary-form";
import { bodyOf, usePutCanary } from "./use-canary";
import { NEEDS_OWNER } from "./words";

type Act = "back" | "end" | "change" | null;

/** What may be done with a canary: its plan changed, taken back to nothing, or ended. */
export function CanaryActs({ of, onGone }: { of: CanaryShape; onGone: () => void }) {
  const allowed = usePlace().may["readiness.write"] === true;
  const [act, setAct] = useState<Act>(null);
  const close = () => setAct(null);
  const put = usePutCanary(() => {
    if (act === "end") onGone();
    close();
  });
  if (of.ended_at) return null;
  const button = (which: Exclude<Act, null>, label: string) => (
    <Button
      size="xs"
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      onClick={() => {
        put.reset();
        setAct(which);
      }}
    >
      {label}
    </Button>
  );
  const dialog = { onClose: close, busy: put.isPending, error: detailOf(put.error) };
  return (
    <>
      {of.percent_traffic > 0 && button("back", "Take back to 0 %…")}
      {button("change", "Change…")}
      {button("end", "End…")}
      <ConfirmReason
        {...dialog}
        opened={act === "back"}
        title={`Take ${of.canary_version} back to 0 %`}
        confirmLabel="Take back to 0 %"
        onConfirm={(note) =>
          put.mutate({
            slug: of.slug,
            body: { ...bodyOf(of), percent_traffic: 0, note },
            said: `${of.slug} is planned at 0 %`,
          })
        }
      >
        The plan becomes 0 %: whoever routes the runs of {of.agent_id} reads it and sends no more to {of.canary_version}
        . Runs under way go on; a switch stops those.
      </ConfirmReason>
      <ConfirmReason
        {...dialog}
        opened={act === "end"}
        title={`End the canary ${of.slug}`}
        confirmLabel="End the canary"
        onConfirm={(note) =>
          put.mutate({
            slug: of.slug,
            body: { ...bodyOf(of), ended_at: new Date().toISOString(), note },
            said: `${of.slug} is ended`,
          })
        }
      >
        Nothing more is counted or asked for it. What it showed stays here. The plan of {of.percent_traffic} % stays as
        it is: whoever routes the runs decides which version goes on.
      </ConfirmReason>
      {act === "change" && <CanaryForm agentId={of.agent_id} of={of} onClose={close} onDone={close} />}
    </>
  );
}
