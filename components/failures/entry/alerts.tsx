"use client";

import { useQuery } from "@tanstack/react-query";
import type { FailureDetail } from "@/lib/failures/schema";
import { usePlace } from "../../frame/place";
import { DataTable } from "../../kit/data-table";
import { Panel } from "../../kit/panel";
import { Empty, Loading } from "../../kit/states";
import { Severity, Tag } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { categoryAlertsQuery } from "../queries";
import { axisWords } from "./backtest-model";

const SHOWN = 8;
/** What its rules have raised, newest first, each with the newest run it is about. */
export function EntryAlerts({ of }: { of: FailureDetail }) {
  const { slug } = usePlace().environment;
  const read = useQuery(categoryAlertsQuery(slug, of.category));
  const names = new Set(of.rules.map((r) => r.slug));
  const all = (read.data?.items ?? []).filter((a) => names.has(a.rule));
  const items = all.slice(0, SHOWN);
  return (
    <Panel
      title="Alerts of its rules"
      sub={
        all.length > SHOWN
          ? `the newest ${SHOWN} of ${read.data?.next_cursor ? "more than " : ""}${all.length}`
          : undefined
      }
    >
      {read.isError && !read.data ? (
        <Problem title="The alerts could not be read" error={read.error} onRetry={() => void read.refetch()} />
      ) : !read.data ? (
        <Loading what="the alerts" shape="rows" rows={3} />
      ) : items.length === 0 ? (
        <Empty bare title="No alert yet">
          None of its rules has fired. That is no proof that it does not happen: the back-test above shows what they
          would have seen.
        </Empty>
      ) : (
        <DataTable
          label="Alerts of its rules"
          dense
          cards
          rows={items}
          rowId={(a) => a.alert_id}
          columns={[
            {
              id: "severity",
              header: "Severity",
              card: "title",
              cell: (a) => (
                <>
                  <Severity level={a.severity} /> {a.historic && <Tag>historic</Tag>}
                </>
              ),
            },
            {
              id: "state",
              header: "State",
              card: "state",
              cell: (a) => <TextLink href={`/${slug}/alerts/${encodeURIComponent(a.alert_id)}`}>{a.state}</TextLink>,
            },
            { id: "agent", header: "Agent", card: "fact", cell: (a) => a.agent_id ?? <Dim>–</Dim> },
            {
              id: "run",
              header: "Run",
              card: "fact",
              cell: (a) =>
                a.run_ids[0] ? (
                  <TextLink href={`/${slug}/runs/${encodeURIComponent(a.run_ids[0])}`}>
                    {a.runs > 1 ? `newest of ${a.runs} runs` : "the run"}
                  </TextLink>
                ) : (
                  <Dim>–</Dim>
                ),
            },
            {
              id: "value",
              header: "Value",
              card: "fact",
              align: "right",
              cell: (a) => (
                <Mono title={a.sentence}>
                  {axisWords(a.value)} of {axisWords(a.threshold)}
                </Mono>
              ),
            },
            { id: "at", header: "Last", card: "fact", align: "right", cell: (a) => <RelativeTime at={a.last_at} /> },
          ]}
        />
      )}
    </Panel>
  );
}
