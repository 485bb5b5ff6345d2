"use client";

import { Button, SegmentedControl } from "@mantine/core";
import { IconAlertTriangle, IconRepeat } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { RunShape, SpanShape } from "@/lib/runs/schema";
import { type Column, DataTable } from "../../kit/data-table";
import { Split } from "../../kit/layout";
import { compact, counted, duration, integer, money, shorten } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { St } from "../../kit/status";
import { Cut, Dim, Mono } from "../../kit/text";
import { vars } from "../../kit/vars";
import { turnsOf } from "../timeline/model";
import { TurnCard } from "./turn-card";
import { callsIn, type TurnRow, turnRows } from "./turn-rows";
import s from "./turns.module.css";

function columns(most: number): Column<TurnRow>[] {
  return [
    {
      id: "turn",
      header: "Turn",
      card: "title",
      cell: (r) => (r.folded ? `${r.turn.n}–${r.folded.to.n}` : r.turn.n),
    },
    {
      id: "call",
      header: "Call",
      card: "state",
      cell: (r) =>
        r.folded ? (
          <Dim>
            same call{r.folded.sameAnswer ? ", same answer" : ""} ×{r.folded.count}
          </Dim>
        ) : callsIn(r.turn) ? (
          <Cut className={s.call} title={callsIn(r.turn)}>
            <Mono>{callsIn(r.turn)}</Mono>
          </Cut>
        ) : (
          <Dim>no tool</Dim>
        ),
    },
    { id: "args", header: "Arguments", cell: (r) => <Arguments row={r} /> },
    { id: "back", header: "What came back", card: "foot", cell: (r) => <Answer row={r} /> },
    {
      id: "input",
      header: "Input",
      align: "right",
      cell: (r) => (
        <span data-jump={r.jump || undefined} className={s.input}>
          {compact(r.turn.model.tokens?.input)}
          {r.jump && r.grew !== null && (
            <small title={`${integer(r.grew)} tokens more than the turn before`}>+{compact(r.grew)}</small>
          )}
        </span>
      ),
    },
    {
      id: "bar",
      header: "Input tokens",
      card: "none",
      cell: (r) => (
        <div
          className={s.bar}
          data-hot={r.nth > 0 || undefined}
          data-jump={r.jump || undefined}
          style={vars({ "--w": `${((r.turn.model.tokens?.input ?? 0) / most) * 100}%` })}
        />
      ),
    },
    {
      id: "cost",
      header: "Cost",
      align: "right",
      cell: (r) => (r.cost === null ? "–" : money(r.cost, { run: true })),
    },
    { id: "took", header: "Took", align: "right", cell: (r) => duration(r.seconds) },
  ];
}

function Arguments({ row }: { row: TurnRow }) {
  const hash = row.turn.tools[0]?.args_hash;
  if (!hash) return <Dim>–</Dim>;
  const text = shorten(hash, 4, 2);
  return row.nth > 1 ? (
    <St icon={<IconRepeat size={13} className={s.hot} aria-hidden />} title="The same arguments as the turn before">
      <Mono>{text}</Mono>
    </St>
  ) : (
    <Dim>
      <Mono>{text}</Mono>
    </Dim>
  );
}

function Answer({ row }: { row: TurnRow }) {
  const failed = row.turn.rest.find((span) => span.status === "error");
  if (failed && !row.folded)
    return (
      <St tone="bad" icon={<IconAlertTriangle size={14} aria-hidden />}>
        <Cut className={s.back} title={failed.error?.message ?? undefined}>
          {[failed.error?.type, failed.error?.message].filter(Boolean).join(": ") || "failed"}
        </Cut>
      </St>
    );
  const back = row.turn.tools.at(-1)?.result_preview ?? row.turn.model.result_preview;
  return (
    <Cut className={s.back} title={back ?? undefined}>
      <Dim>{back ?? (row.turn.tools.length > 0 ? "not kept" : "–")}</Dim>
    </Cut>
  );
}

export function TurnsTab({ run, spans, more }: { run: RunShape; spans: SpanShape[]; more?: () => void }) {
  const [fold, setFold] = useState(true);
  const [chosen, setChosen] = useState<string | null>(null);
  const turns = useMemo(() => turnsOf(spans), [spans]);
  const rows = useMemo(() => turnRows(turns, fold), [turns, fold]);
  const inputs = turns.map((turn) => turn.model.tokens?.input ?? 0);
  const most = Math.max(1, ...inputs);
  const cols = useMemo(() => columns(most), [most]);
  const repeated = useMemo(() => turnRows(turns, false).filter((row) => row.nth > 0).length, [turns]);
  const row = rows.find((each) => each.id === chosen) ?? rows.find((each) => each.nth === 3) ?? rows[0];
  if (turns.length === 0)
    return (
      <div className={s.page}>
        <Empty bare title="No model call among the spans">
          A turn begins with a model call. This run has {counted(run.spans, "span")} and none of them is one: see its
          timeline.
        </Empty>
      </div>
    );
  const [first, last] = [inputs.find((n) => n > 0) ?? 0, inputs.at(-1) ?? 0];
  return (
    <div className={s.page}>
      <Split side={300}>
        <Panel
          title={counted(turns.length, "turn")}
          sub={repeated > 0 ? `${repeated} of them repeat a call` : undefined}
          right={
            <SegmentedControl
              aria-label="Repeats"
              value={fold ? "fold" : "all"}
              onChange={(value) => setFold(value === "fold")}
              data={[
                { value: "fold", label: "Fold repeats" },
                { value: "all", label: "All" },
              ]}
            />
          }
          foot={
            <>
              <span>
                {first > 0 && last > first * 1.2 && (
                  <>
                    <b>Context grew ×{(last / first).toFixed(1)}</b>, from {compact(first)} to {compact(last)}.{" "}
                  </>
                )}
                <b>Errors:</b> {integer(run.errors)}.
              </span>
              {more && (
                <Button size="xs" onClick={more}>
                  Load more spans
                </Button>
              )}
            </>
          }
        >
          <DataTable
            label="Turns"
            dense
            cards
            keys
            columns={cols}
            rows={rows}
            rowId={(each) => each.id}
            selectedId={row?.id ?? null}
            onSelect={(each) => setChosen(each.id)}
            rowTone={(each) => (each.nth > 0 ? "loop" : each.jump ? "warn" : undefined)}
          />
        </Panel>
        {row && <TurnCard run={run} turn={row.turn} before={turns[row.turn.n - 2]} />}
      </Split>
    </div>
  );
}
