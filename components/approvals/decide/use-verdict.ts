"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { ApiProblem, api } from "../../api";
import { usePlace } from "../../frame/place";
import { useSay } from "../said";
import { nameOf, whoOf } from "../words";
import type { Verdict } from "./reasons";

type Given = { of: ApprovalShape; verdict: Verdict; reason: string };
type Answer = { status?: string; audit_row?: number };

/** Somebody or the clock was faster: no fault of whoever answers now, and nothing to try again. */
export const isOver = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && (error.status === 409 || error.status === 410);

/** One verdict. `onGone` moves on, once the server has said what became of the case. */
export function useVerdict(onGone: (ids: string[]) => void) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const say = useSay();
  const refresh = () => client.invalidateQueries({ queryKey: [slug, "approvals"] });
  return useMutation({
    mutationFn: ({ of, verdict, reason }: Given) =>
      api(slug).post<Answer>(`/approvals/${encodeURIComponent(of.id)}/verdict`, { verdict, reason }),
    onSuccess: (answer, { of, verdict }) => {
      const next = answer.status === "pending" && verdict === "approve";
      const done =
        verdict === "deny" ? "denied" : next ? `approved at stage ${of.stage + 1}; the next is asked` : "approved";
      say({ tone: "good", text: `${nameOf(of)}, ${whoOf(of)}: ${done}.`, row: answer.audit_row });
      onGone([of.id]);
      void refresh();
    },
    onError: (error, { of }) => {
      if (!isOver(error)) return;
      const what = error.status === 410 ? "too late" : "decided meanwhile";
      say({
        tone: "warn",
        text: `${nameOf(of)}, ${whoOf(of)}: ${what}. ${error.message} Your verdict was not counted.`,
      });
      onGone([of.id]);
      void refresh();
    },
  });
}
