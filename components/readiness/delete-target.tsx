"use client";

import type { TargetDetail } from "@/lib/readiness/schema";
import { ConfirmReason } from "../kit/confirm";
import { counted } from "../kit/numbers";
import { wordsOf } from "../runs/problem";
import { useAct } from "./use-act";

export function DeleteTarget({ of, onClose, onGone }: { of: TargetDetail; onClose: () => void; onGone: () => void }) {
  const act = useAct(
    (call, reason: string) =>
      call.delete<{ audit_row: number }>(
        `/targets/${encodeURIComponent(of.slug)}?reason=${encodeURIComponent(reason)}`,
      ),
    () => `The target ${of.name} is deleted`,
    () => {
      onClose();
      onGone();
    },
  );
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Delete the target ${of.name}`}
      confirmLabel={`Delete ${of.name}`}
      destructive
      busy={act.isPending}
      error={act.isError ? wordsOf(act.error) : undefined}
      onConfirm={(reason) => act.mutate(reason)}
    >
      Nobody looks at {of.url} any more. Its checks and {counted(of.screenshots.length, "picture")} are gone for good;
      an open alarm is resolved. Agents that it stood for are no longer ready.
    </ConfirmReason>
  );
}
