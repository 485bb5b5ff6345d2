"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ApprovalShape } from "@/lib/approvals/schema";
import type { RunShape } from "@/lib/runs/schema";
import { api, query } from "../../api";
import { usePlace } from "../../frame/place";
import { Meta, TextLink } from "../../kit/text";
import { Duration } from "../../kit/time";

const pendingQuery = (environment: string, runId: string) =>
  queryOptions({
    queryKey: [environment, "approvals", "of-run", runId],
    queryFn: ({ signal }) =>
      api(environment).get<{ items: ApprovalShape[] }>(
        `/approvals${query({ run_id: runId, status: "pending", limit: 1 })}`,
        signal,
      ),
  });

/** For whom a waiting run waits, since when, and that its clock stands still. */
export function WaitingFor({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  const waits = run.status === "waiting";
  const { data } = useQuery({ ...pendingQuery(slug, run.run_id), enabled: waits });
  const asked = data?.items[0];
  if (!waits || !asked) return null;
  return (
    <Meta>
      for a person, <Duration since={asked.requested_at} form="prose" />; no lease runs, its seconds stand still.{" "}
      <TextLink href={`/${slug}/approvals/${encodeURIComponent(asked.id)}`}>Open the case</TextLink>
    </Meta>
  );
}
