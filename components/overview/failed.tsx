"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { RunShape } from "@/lib/runs/schema";
import { usePlace } from "../frame/place";
import { Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { RunOutcome } from "../kit/status";
import { TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { LoadFailed } from "../runs/problem";
import { FAILED } from "./failed-filter";
import s from "./overview.module.css";
import { recentRunsQuery } from "./queries";

const why = (run: RunShape): string => run.error?.message ?? run.goal ?? run.name ?? run.task_type;

/** The newest runs that did not end in success. */
export function FailedRuns() {
  const { slug } = usePlace().environment;
  const { data, error, refetch } = useQuery(recentRunsQuery(slug, FAILED));
  if (error && !data) return <LoadFailed what="The newest failed runs" error={error} onRetry={() => void refetch()} />;
  return (
    <Panel
      title="Newest, not success"
      right={<TextLink href={`/${slug}/runs?stop_reason=not_success`}>All of them</TextLink>}
    >
      {!data ? (
        <Loading what="the newest failed runs" shape="rows" rows={5} />
      ) : data.items.length === 0 ? (
        <p className={s.calm}>Every run so far has ended in success.</p>
      ) : (
        <ul className={s.failed}>
          {data.items.map((run) => (
            <li key={run.run_id}>
              <Link href={`/${slug}/runs/${encodeURIComponent(run.run_id)}`}>
                <b>{run.agent_id}</b>
                <RelativeTime at={run.ended_at ?? run.started_at} />
                <small>
                  <RunOutcome status={run.status} stopReason={run.stop_reason} />
                  <span title={why(run)}>{why(run)}</span>
                </small>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
