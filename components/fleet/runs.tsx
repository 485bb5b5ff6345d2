"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { RunShape } from "@/lib/runs/schema";
import { type Column, DataTable } from "../kit/data-table";
import { money, shorten } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { RunOutcome } from "../kit/status";
import { TextLink } from "../kit/text";
import { Duration, RelativeTime } from "../kit/time";
import { recentRunsQuery } from "../overview/queries";
import { LoadFailed } from "../runs/problem";
import { RECENT } from "./recent";

const runHref = (slug: string, runId: string) => `/${slug}/runs/${encodeURIComponent(runId)}`;

/** What nobody has priced is said, never drawn as zero. */
const costOf = (run: RunShape): string => {
  const known = money(run.cost_usd, { run: true });
  if (run.unpriced_calls === 0) return known;
  return run.cost_usd === 0 ? "unpriced" : `${known}, ${run.unpriced_calls} unpriced`;
};

export function RecentRuns({ slug, agentId }: { slug: string; agentId: string }) {
  const router = useRouter();
  const runs = useQuery(recentRunsQuery(slug, { agent_id: agentId, limit: RECENT }));
  const columns: Column<RunShape>[] = [
    { id: "at", header: "Started", dim: true, cell: (run) => <RelativeTime at={run.started_at} /> },
    {
      id: "run",
      header: "Run",
      card: "title",
      cell: (run) => (
        <TextLink href={runHref(slug, run.run_id)} mono plain>
          {shorten(run.run_id, 10, 4)}
        </TextLink>
      ),
    },
    {
      id: "outcome",
      header: "Outcome",
      card: "state",
      cell: (run) => <RunOutcome status={run.status} stopReason={run.stop_reason} />,
    },
    { id: "task", header: "Task", dim: true, cell: (run) => run.task_type },
    { id: "tenant", header: "Tenant", dim: true, cell: (run) => run.tenant_id ?? "–" },
    { id: "cost", header: "Cost", align: "right", cell: costOf },
    {
      id: "duration",
      header: "Duration",
      align: "right",
      cell: (run) => (run.ended_at ? <Duration seconds={run.duration_s} /> : <Duration since={run.started_at} />),
    },
  ];
  return (
    <Panel
      title="Runs"
      sub="the newest"
      right={<TextLink href={`/${slug}/runs?agent_id=${encodeURIComponent(agentId)}`}>All its runs</TextLink>}
    >
      {runs.error && !runs.data ? (
        <LoadFailed what="Its runs" error={runs.error} onRetry={() => void runs.refetch()} />
      ) : (
        <DataTable
          label={`Newest runs of ${agentId}`}
          dense
          cards
          keys
          columns={columns}
          rows={runs.data?.items ?? []}
          rowId={(run) => run.run_id}
          loading={runs.isPending}
          onOpen={(run) => router.push(runHref(slug, run.run_id))}
          empty="No run yet."
        />
      )}
    </Panel>
  );
}
