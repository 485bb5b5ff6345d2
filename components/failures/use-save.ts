"use client";

import type { z } from "zod";
import type { FailureDetail, FailureShape, putFailureInput } from "@/lib/failures/schema";
import { useAct } from "../frame/act";

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
export const useSave = (done?: (made: FailureDetail) => void) =>
  useAct<Sent, FailureDetail & { audit_row: number }>({
    topics: ["failures"],
    run: (call, { slug, revision, body }) =>
      call.putText(`/failures/${encodeURIComponent(slug)}`, JSON.stringify(body), {
        "content-type": "application/json",
        "if-match": `"${revision}"`,
      }),
    said: (_, { said }) => said,
    done,
  });
