"use client";

import type { TargetDetail } from "@/lib/readiness/schema";
import { useAct } from "../frame/act";
import { ConfirmReason } from "../kit/confirm";
import { counted } from "../kit/numbers";
import { detailOf } from "../runs/problem";

export function DeleteTarget({ of, onClose, onGone }: { of: TargetDetail; onClose: () => void; onGone: () => void }) {
  const act = useAct({
    topics: ["readiness"],
    run: (call, reason: string) =>
      call.delete<{ audit_row: number }>(
        `/targets/${encodeURIComponent(of.slug)}?reason=${encodeURIComponent(reason)}`,
      ),
    said: () => `The target ${of.name} is deleted`,
    leave: () => {
      onClose();
      onGone();
    },
  });
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Delete the target ${of.name}`}
      confirmLabel={`Delete ${of.name}`}
      destructive
      busy={act.isPending}
      error={detailOf(act.error)}
      onConfirm={(reason) => act.mutate(reason)}
    >
      Nobody looks at {of.url} any more. Its checks and {counted(of.screenshots.length, "picture")} are gone for good;
      an open alarm is resolved. Agents that it stood for are no longer ready.
    </ConfirmReason>
  );
}
