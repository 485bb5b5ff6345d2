"use client";

import type { ChannelShape } from "@/lib/notifications/schema";
import { query } from "../api";
import { useAct } from "../frame/act";
import { ConfirmReason } from "../kit/confirm";
import { detailOf } from "../runs/problem";
import { KIND_WORDS, placeOf, takesOf } from "./words";

export function DeleteChannel({ of, onClose }: { of: ChannelShape; onClose: () => void }) {
  const act = useAct({
    topics: ["notifications"],
    run: (call, reason: string) =>
      call.delete<{ audit_row: number }>(`/channels/${encodeURIComponent(of.slug)}${query({ reason })}`),
    said: () => `The channel ${of.name} is deleted`,
    done: onClose,
  });
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Delete the channel ${of.name}`}
      confirmLabel={`Delete ${of.name}`}
      destructive
      busy={act.isPending}
      error={detailOf(act.error)}
      facts={[
        { term: "Kind", value: KIND_WORDS[of.kind].label },
        { term: "Leads to", value: placeOf(of) },
        { term: "Gets", value: takesOf(of) },
      ]}
      onConfirm={(reason) => act.mutate(reason)}
    >
      Nobody is told by it any more; what still waits for it is given up. Its address and secret are gone for good. What
      it sent stays in the log.
    </ConfirmReason>
  );
}
