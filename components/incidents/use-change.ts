"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { changeInput, IncidentDetail } from "@/lib/incidents/schema";
import { api } from "../api";
import { auditOf } from "../approvals/decide/use-verdict";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { incidentQuery } from "./queries";

export type Change = Omit<z.input<typeof changeInput>, "incident_id" | "if_match">;
type Sent = { change: Change; said: string };

/** What is given changes, held against the revision that the author saw: nobody is written over (412). */
export function useChange(of: IncidentDetail, done?: () => void) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ change }: Sent) =>
      api(slug).patch<IncidentDetail & { audit_row: number }>(
        `/incidents/${encodeURIComponent(of.incident_id)}`,
        change,
        { "if-match": `"${of.revision}"` },
      ),
    onSuccess: async ({ audit_row, ...after }, { said }) => {
      client.setQueryData(incidentQuery(slug, of.incident_id).queryKey, after);
      notify({ tone: "good", title: said, audit: auditOf(slug, audit_row) });
      done?.();
      await client.invalidateQueries({ queryKey: [slug, "incidents"] });
    },
    // Somebody else has written: what stands there now is shown, the form keeps what was typed.
    onError: () => client.invalidateQueries({ queryKey: incidentQuery(slug, of.incident_id).queryKey }),
  });
}
