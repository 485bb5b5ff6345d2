"use client";

import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { BudgetShape } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { Meter } from "../kit/meter";
import { Panel } from "../kit/panel";
import { St } from "../kit/status";
import { Strong } from "../kit/text";
import { amountWords, nameOf, WINDOW_WORDS } from "./words";

const promiseWords = (b: BudgetShape): string =>
  b.metric === "error_rate"
    ? `at most ${amountWords(b.metric, b.amount)} of runs end otherwise than in success, ${WINDOW_WORDS[b.window]}`
    : `95 of 100 runs within ${amountWords(b.metric, b.amount)}, ${WINDOW_WORDS[b.window]}`;

function Kept({ of }: { of: BudgetShape }) {
  if (of.reached === "hard")
    return (
      <St tone="bad" icon={<IconCircleX size={14} aria-hidden />}>
        not kept
      </St>
    );
  if (of.reached === "soft")
    return (
      <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
        soft limit reached
      </St>
    );
  return (
    <St tone="quiet" icon={<IconCircleCheck size={14} aria-hidden />}>
      kept
    </St>
  );
}

/** Promises over results, by task type: watched and burnt down, they hold no call back. */
export function Promises(props: { items: BudgetShape[]; chosen: string | null; onChoose: (slug: string) => void }) {
  const { environment } = usePlace();
  const columns: Column<BudgetShape>[] = [
    { id: "task", header: "Task type", card: "title", cell: (row) => <Strong>{nameOf(row, environment.name)}</Strong> },
    { id: "promise", header: "Promise", card: "foot", dim: true, cell: promiseWords },
    {
      id: "used",
      header: "Budget used",
      card: "foot",
      width: "24%",
      cell: (row) => (
        <Meter
          label={`${nameOf(row, environment.name)}, used`}
          value={row.amount > 0 ? row.usage.spent / row.amount / 1.02 : 0}
          tone={row.reached === "hard" ? "bad" : row.reached === "soft" ? "warn" : "accent"}
          soft={row.soft ? row.soft.at / 1.02 : undefined}
          hard={1 / 1.02}
        />
      ),
    },
    { id: "now", header: "Now", align: "right", cell: (row) => amountWords(row.metric, row.usage.spent) },
    { id: "left", header: "Promised", align: "right", dim: true, cell: (row) => amountWords(row.metric, row.amount) },
    { id: "worst", header: "Worst", dim: true, cell: (row) => row.worst ?? "–" },
    { id: "kept", header: "State", card: "state", cell: (row) => <Kept of={row} /> },
  ];
  return (
    <Panel title="Error and latency budgets" sub="per task type; they refuse nothing">
      <DataTable
        label="Error and latency budgets"
        cards
        columns={columns}
        rows={props.items}
        rowId={(row) => row.slug}
        selectedId={props.chosen}
        onSelect={(row) => props.onChoose(row.slug)}
        hidden={props.items.some((row) => row.worst) ? [] : ["worst"]}
        empty="No task type has one. A new budget with the measure error rate or latency is a promise over its results."
      />
    </Panel>
  );
}
