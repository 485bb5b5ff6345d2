"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { api } from "../../api";
import { usePlace } from "../../frame/place";
import { wordsOf } from "../../runs/problem";
import type { Verdict } from "../decide/reasons";
import { useSay } from "../said";
import { nameOf } from "../words";

type Given = { items: ApprovalShape[]; verdict: Verdict; reason: string };
type Answer = {
  items: { approval_id: string; ok: boolean; status?: string; code?: string; message?: string }[];
  settled: number;
};

/** Each case is answered for itself: some may be over already, and the rest still counts. */
export function useBatch(onDone: (gone: string[], left: string[]) => void) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const say = useSay();
  const act = useMutation({
    mutationFn: ({ items, verdict, reason }: Given) =>
      api(slug).post<Answer>("/approvals/verdicts", { approval_ids: items.map((each) => each.id), verdict, reason }),
    onSuccess: (answer, { items, verdict }) => {
      const counted = answer.items.filter((each) => each.ok).map((each) => each.approval_id);
      const refused = answer.items.filter((each) => !each.ok);
      const first = items[0];
      const why = [...new Set(refused.map((each) => each.message ?? each.code))].join(" ");
      say({
        tone: refused.length > 0 ? "warn" : "good",
        text: `${counted.length} of ${items.length} ${first ? nameOf(first) : "cases"} ${verdict === "approve" ? "approved" : "denied"}.${why ? ` ${why}` : ""}`,
        href: `/${slug}/audit?target_type=approval`,
      });
      onDone(
        counted,
        refused.map((each) => each.approval_id),
      );
      return client.invalidateQueries({ queryKey: [slug, "approvals"] });
    },
  });
  return { ...act, said: act.isError ? `Nothing was decided. ${wordsOf(act.error)}` : undefined };
}
