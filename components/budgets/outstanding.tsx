"use client";

import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { BudgetDetailShape } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { counted, shorten } from "../kit/numbers";
import { St } from "../kit/status";
import { Cut, TextLink } from "../kit/text";
import { ExactTime, useClock } from "../kit/time";
import { runHref } from "../runs/list/columns";
import s from "./detail.module.css";
import { Sub } from "./sub";
import { amountWords } from "./words";

type Hold = BudgetDetailShape["holds"][number];
const SHOWN = 6;

function Left({ until }: { until: string }) {
  return useClock((now) => {
    const left = Math.max(0, Math.floor((Date.parse(until) - now) / 1000));
    return left >= 3600
      ? `${Math.floor(left / 3600)} h`
      : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }, "–");
}

/** What calls in flight hold, and what ended without a result and counts as its estimate until one comes. */
export function Holds({ of }: { of: BudgetDetailShape }) {
  const { slug } = usePlace().environment;
  const say = (n: number) => amountWords(of.metric, n);
  const largest = (state: Hold["state"]) =>
    of.holds.filter((each) => each.state === state).sort((a, b) => b.amount - a.amount);
  const run: Column<Hold> = {
    id: "run",
    header: "Run",
    card: "title",
    cell: (row) => (
      <TextLink href={runHref(slug, row.run_id)} mono>
        {shorten(row.run_id, 8, 4)}
      </TextLink>
    ),
  };
  const what = (header: string): Column<Hold> => ({
    id: "what",
    header,
    dim: true,
    cell: (row) => <Cut title={row.what}>{row.what}</Cut>,
  });
  const amount = (header: string): Column<Hold> => ({
    id: "amount",
    header,
    align: "right",
    card: "state",
    cell: (row) => say(row.amount),
  });
  const held = largest("held");
  const unsettled = largest("unsettled");
  const sub = (rows: Hold[], words: string) =>
    rows.length === 0
      ? words
      : `${say(rows.reduce((sum, row) => sum + row.amount, 0))} in ${counted(rows.length, "row")}${rows.length > SHOWN ? `, the ${SHOWN} largest` : ""}`;
  return (
    <>
      <div className={s.out}>
        <Sub title="Holds outstanding" meta={sub(held, "none: no call is in flight")} />
        {held.length > 0 && (
          <DataTable
            label="Holds outstanding"
            dense
            cards
            columns={[
              run,
              what("Call"),
              amount("Held"),
              { id: "ends", header: "Ends in", align: "right", cell: (row) => <Left until={row.expires_at} /> },
            ]}
            rows={held.slice(0, SHOWN)}
            rowId={(row) => row.decision_id}
          />
        )}
      </div>
      <div className={s.out}>
        <Sub title="Unsettled" meta={sub(unsettled, "none: every call told what it cost")} />
        {unsettled.length > 0 && (
          <DataTable
            label="Unsettled"
            dense
            cards
            columns={[run, what("What is missing"), amount("Estimate")]}
            rows={unsettled.slice(0, SHOWN)}
            rowId={(row) => row.decision_id}
          />
        )}
      </div>
    </>
  );
}

/** When a limit was met, by whom, and what was done. */
export function Events({ of }: { of: BudgetDetailShape }) {
  const { slug } = usePlace().environment;
  return (
    <>
      <Sub title="Limits met" meta={of.events.length === 0 ? "none yet" : undefined} />
      <ul className={s.events}>
        {of.events.map((each) => (
          <li key={`${each.at}-${each.limit}-${each.run_id}`}>
            {each.limit === "hard" ? (
              <St tone="bad" icon={<IconCircleX size={14} aria-hidden />}>
                hard limit
              </St>
            ) : (
              <St tone="warn" icon={<IconAlertTriangle size={14} aria-hidden />}>
                soft limit
              </St>
            )}
            <ExactTime at={each.at} />
            <small>
              {each.scope && `${each.scope}, `}at {amountWords(of.metric, each.value)}, {each.then},{" "}
              <TextLink href={runHref(slug, each.run_id)}>{shorten(each.run_id, 8, 4)}</TextLink>
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}
