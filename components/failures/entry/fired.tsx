"use client";

import { Button } from "@mantine/core";
import { useState } from "react";
import type { BacktestShape } from "@/lib/detectors/schema";
import { DataTable } from "../../kit/data-table";
import { shorten } from "../../kit/numbers";
import { StopReason, Tag } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import s from "./backtest.module.css";
import { axisWords } from "./backtest-model";

const FIRST = 8;
/** The runs themselves, the newest first. */
export function Fired({ of, slug }: { of: BacktestShape; slug: string }) {
  const [all, showAll] = useState(false);
  if (of.fired.length === 0) return null;
  const rows = all ? of.fired : of.fired.slice(0, FIRST);
  return (
    <DataTable
      label="Runs it would have fired on"
      dense
      cards
      rows={rows}
      rowId={(row) => row.run_id}
      maxHeight={all ? "420px" : undefined}
      columns={[
        {
          id: "run",
          header: "Run",
          card: "title",
          cell: (row) => (
            <TextLink mono href={`/${slug}/runs/${encodeURIComponent(row.run_id)}`}>
              {shorten(row.run_id, 14, 4)}
            </TextLink>
          ),
        },
        { id: "agent", header: "Agent", card: "fact", cell: (row) => row.agent_id },
        {
          id: "outcome",
          header: "Ended",
          card: "state",
          cell: (row) =>
            row.outcome === null ? (
              <Dim>not ended</Dim>
            ) : row.outcome === "success" ? (
              <Tag tone="warn">success</Tag>
            ) : (
              <StopReason code={row.outcome} />
            ),
        },
        {
          id: "value",
          header: "Value",
          align: "right",
          card: "fact",
          cell: (row) => <Mono>{axisWords(row.value)}</Mono>,
        },
        { id: "at", header: "When", align: "right", card: "fact", cell: (row) => <RelativeTime at={row.at} /> },
      ]}
      footer={
        of.fired_count > FIRST && (
          <div className={s.more}>
            {!all && (
              <Button size="xs" onClick={() => showAll(true)}>
                Show {of.fired_count > of.fired.length ? `the newest ${of.fired.length}` : `all ${of.fired_count}`}
              </Button>
            )}
            {all && of.fired_count > of.fired.length && (
              <Dim>{of.fired_count - of.fired.length} older ones are not listed.</Dim>
            )}
          </div>
        )
      }
    />
  );
}
