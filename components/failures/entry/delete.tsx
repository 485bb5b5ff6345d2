"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { query } from "../../api";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { ConfirmReason } from "../../kit/confirm";
import { counted } from "../../kit/numbers";
import { detailOf } from "../../runs/problem";
import type { Dialog } from "./dialogs";

export function DeleteEntry({ of, onClose }: Dialog) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const router = useRouter();
  const act = useAct({
    topics: [
      ["failures", "list"],
      ["failures", "coverage"],
    ],
    run: (call, reason: string) =>
      call.delete<{ audit_row: number }>(`/failures/${encodeURIComponent(of.slug)}${query({ reason })}`),
    said: () => `${of.name} is deleted`,
    leave: () => {
      client.removeQueries({ queryKey: [slug, "failures", "one", of.slug] });
      router.push(`/${slug}/failures`);
    },
  });
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Delete ${of.name}`}
      confirmLabel="Delete the entry"
      destructive
      busy={act.isPending}
      error={detailOf(act.error)}
      onConfirm={(reason) => act.mutate(reason)}
      facts={[
        { term: "Entry", value: of.slug },
        { term: "Owner", value: of.owner?.name ?? "nobody" },
        { term: "Rules", value: of.rules.length === 0 ? "none" : of.rules.map((r) => r.slug).join(", ") },
      ]}
    >
      Nobody answers for this failure any more.{" "}
      {of.rules.length > 0 && `Its ${counted(of.rules.length, "rule")} go on as they are and belong to no entry. `}
      Its history and what incidents showed stay.
    </ConfirmReason>
  );
}
