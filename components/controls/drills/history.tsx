"use client";

import { Button } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { DrillShape } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { type Column, DataTable } from "../../kit/data-table";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { Cut, Strong, TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { drillHistoryQuery } from "../queries";
import s from "./drills.module.css";
import { Outcome } from "./outcome";
import { confirmedWords, seconds } from "./words";

const columns = (slug: string): Column<DrillShape>[] => [
  { id: "outcome", header: "Outcome", card: "state", cell: (r) => <Outcome of={r.outcome} /> },
  {
    id: "agent",
    header: "Agent",
    card: "title",
    cell: (r) =>
      r.switch_id ? (
        <TextLink plain href={`/${slug}/controls/${r.switch_id}`}>
          <Strong>{r.agent_id}</Strong>
        </TextLink>
      ) : (
        <Strong>{r.agent_id}</Strong>
      ),
  },
  { id: "started", header: "Started", cell: (r) => <ExactTime at={r.started_at} /> },
  { id: "by", header: "By", cell: (r) => (r.scheduled ? "schedule" : r.started_by) },
  { id: "confirmed", header: "Confirmed", cell: confirmedWords },
  { id: "seen", header: "Slowest seen", align: "right", cell: (r) => seconds(r.slowest_seen_ms) },
  { id: "took", header: "All confirmed", align: "right", cell: (r) => seconds(r.confirmed_ms) },
  {
    id: "detail",
    header: "What came of it",
    card: "foot",
    dim: true,
    cell: (r) => {
      const said = r.detail ?? `Still open: ${r.laggards.join(", ")}`;
      return (
        <Cut className={s.detail} title={`${said} Why: ${r.reason}`}>
          {said}
        </Cut>
      );
    },
  },
];

/** Every drill, newest first; a row leads to who obeyed. */
export function DrillHistory() {
  const { slug } = usePlace().environment;
  const router = useRouter();
  const { data, isPending, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    drillHistoryQuery(slug),
  );
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  if (isError && rows.length === 0)
    return (
      <Problem
        title="The drills could not be read"
        error={error}
        path="GET /api/v1/drills"
        onRetry={() => void refetch()}
      />
    );
  return (
    <Panel
      title="Drills"
      sub="newest first"
      foot={
        hasNextPage && (
          <Button size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Older
          </Button>
        )
      }
    >
      {!isPending && rows.length === 0 ? (
        <Empty
          bare
          icon={IconHandStop}
          title="No drill has been run here"
          code={`curl -X POST $INTERLOCK/api/v1/drills -H "Authorization: Bearer $INTERLOCK_KEY" -H "Content-Type: application/json" -d '{"agent_id": "canary-echo", "reason": "weekly drill"}'`}
        >
          A drill stops one agent for real, sees who obeys and how fast, and releases it.
        </Empty>
      ) : (
        <DataTable
          label="Drills"
          cards
          columns={columns(slug)}
          rows={rows}
          rowId={(row) => row.drill_id}
          loading={isPending}
          onOpen={(row) => row.switch_id && router.push(`/${slug}/controls/${row.switch_id}`)}
        />
      )}
    </Panel>
  );
}
