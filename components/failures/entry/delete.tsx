"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api, query } from "../../api";
import { auditOf } from "../../approvals/decide/use-verdict";
import { usePlace } from "../../frame/place";
import { ConfirmReason } from "../../kit/confirm";
import { notify } from "../../kit/notify";
import { counted } from "../../kit/numbers";
import { wordsOf } from "../../runs/problem";
import type { Dialog } from "./dialogs";

export function DeleteEntry({ of, onClose }: Dialog) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const router = useRouter();
  const act = useMutation({
    mutationFn: (reason: string) =>
      api(slug).delete<{ audit_row: number }>(`/failures/${encodeURIComponent(of.slug)}${query({ reason })}`),
    onSuccess: async (answer) => {
      notify({ tone: "good", title: `${of.name} is deleted`, audit: auditOf(slug, answer.audit_row) });
      client.removeQueries({ queryKey: [slug, "failures", "one", of.slug] });
      router.push(`/${slug}/failures`);
      await client.invalidateQueries({ queryKey: [slug, "failures", "list"] });
      await client.invalidateQueries({ queryKey: [slug, "failures", "coverage"] });
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
      error={act.isError ? wordsOf(act.error) : undefined}
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
