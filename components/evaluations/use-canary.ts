"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CanaryShape, PutCanary } from "@/lib/evaluations/schema";
import { api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";

export type CanaryBody = Omit<PutCanary, "slug">;
/** What stands there, as it is written again. */
export const bodyOf = (c: CanaryShape): CanaryBody => ({
  agent_id: c.agent_id,
  baseline_version: c.baseline_version,
  canary_version: c.canary_version,
  percent_traffic: c.percent_traffic,
  probes: c.probes,
  started_at: c.started_at,
  ended_at: c.ended_at,
  note: c.note,
});

/** The whole canary under its slug; each act says what it did once the server has. */
export function usePutCanary(done: (slug: string) => void) {
  const { slug: environment } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ slug, body }: { slug: string; body: CanaryBody; said: string }) =>
      api(environment).put<{ audit_row?: number }>(`/canaries/${encodeURIComponent(slug)}`, body),
    onSuccess: async (answer, { slug, said }) => {
      notify({ tone: "good", title: said, audit: auditOf(environment, answer.audit_row) });
      await Promise.all(
        ["evaluations", "readiness"].map((topic) => client.invalidateQueries({ queryKey: [environment, topic] })),
      );
      done(slug);
    },
  });
}
