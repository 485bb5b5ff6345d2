"use client";

import type { CanaryShape, PutCanary } from "@/lib/evaluations/schema";
import { useAct } from "../frame/act";

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

type Sent = { slug: string; body: CanaryBody; said: string };
/** The whole canary under its slug; each act says what it did once the server has. */
export const usePutCanary = (done: (slug: string) => void) =>
  useAct({
    topics: ["evaluations", "readiness"],
    run: (call, { slug, body }: Sent) =>
      call.put<{ audit_row?: number }>(`/canaries/${encodeURIComponent(slug)}`, body),
    said: (_, { said }) => said,
    done: (_, { slug }) => done(slug),
  });
