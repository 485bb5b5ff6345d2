"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { FailureDetail, FailureShape, putFailureInput } from "@/lib/failures/schema";
import { api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";

export type FailureBody = Omit<z.input<typeof putFailureInput>, "slug" | "if_match">;

/** The entry as it stands, to be written whole. */
export const bodyOf = (f: FailureShape): FailureBody => ({
  name: f.name,
  category: f.category,
  regime: f.regime,
  seen: f.seen,
  symptom: f.symptom,
  root_cause: f.root_cause,
  impact: f.impact,
  prediction: f.prediction,
  triage: { when: f.triage.when, reason: f.triage.reason, review_at: f.triage.review_at },
  owner: f.owner?.person_id ?? null,
  runbook: f.runbook,
  stop_reasons: f.stop_reasons,
  agents: f.agents,
});

type Sent = { slug: string; revision: number; body: FailureBody; said: string };
/** The whole entry as its next revision; somebody who was faster is not written over (412). */
export function useSave(done?: (made: FailureDetail) => void) {
  const { slug: environment } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ slug, revision, body }: Sent) =>
      api(environment).putText<FailureDetail & { audit_row: number }>(
        `/failures/${encodeURIComponent(slug)}`,
        JSON.stringify(body),
        { "content-type": "application/json", "if-match": `"${revision}"` },
      ),
    onSuccess: async (answer, { said }) => {
      notify({ tone: "good", title: said, audit: auditOf(environment, answer.audit_row) });
      await client.invalidateQueries({ queryKey: [environment, "failures"] });
      done?.(answer);
    },
  });
}
