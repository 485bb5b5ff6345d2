"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { changeInput, IncidentDetail } from "@/lib/incidents/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { incidentQuery } from "./queries";

export type Change = Omit<z.input<typeof changeInput>, "incident_id" | "if_match">;
type Sent = { change: Change; said: string };

/** What is given changes, held against the revision that the author saw: nobody is written over (412). */
export function useChange(of: IncidentDetail, done?: () => void) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useAct({
    topics: ["incidents"],
    run: (call, { change }: Sent) =>
      call.patch<IncidentDetail & { audit_row: number }>(`/incidents/${encodeURIComponent(of.incident_id)}`, change, {
        "if-match": `"${of.revision}"`,
      }),
    said: (_, { said }) => said,
    leave: ({ audit_row: _, ...after }) => {
      client.setQueryData(incidentQuery(slug, of.incident_id).queryKey, after);
      done?.();
    },
  });
}
