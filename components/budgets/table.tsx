"use client";

import { Fragment } from "react";
import type { BudgetScope, BudgetShape } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { shorten } from "../kit/numbers";
import s from "./budgets.module.css";
import { BudgetBar, Outlook, SCOPE_ICONS } from "./parts";
import type { Budgets } from "./queries";
import { RunCaps } from "./run-caps";
import { amountWords, isSum, measureOf, nameOf } from "./words";

const GROUPS: { label: string; kinds: BudgetScope[] }[] = [
  { label: "Environment", kinds: ["environment"] },
  { label: "Tenant", kinds: ["tenant"] },
  { label: "Agent", kinds: ["agent"] },
  { label: "Task type, stage, tool, run", kinds: ["task_type", "stage", "tool", "run"] },
];

export const order = (items: BudgetShape[]): BudgetShape[] =>
  GROUPS.flatMap(({ kinds }) => kinds.flatMap((kind) => items.filter((each) => each.scope.kind === kind)));

type Props = {
  items: BudgetShape[];
  runCaps: Budgets["run_caps"] | null;
  chosen: string | null;
  onChoose: (slug: string) => void;
};

export function BudgetTable({ items, runCaps, chosen, onChoose }: Props) {
  return (
    <div className={s.scroll}>
      <table className={s.table} aria-label="Caps">
        <thead>
          <tr>
            <th scope="col">Cap</th>
            <th scope="col" className={s.barCell}>
              Spent, unsettled, held
            </th>
            {["Spent", "Unsettled", "Held", "Soft", "Hard"].map((head) => (
              <th key={head} scope="col" className={s.num}>
                {head}
              </th>
            ))}
            <th scope="col">Forecast</th>
          </tr>
        </thead>
        {GROUPS.map(({ label, kinds }) => {
          const rows = order(items.filter((each) => kinds.includes(each.scope.kind)));
          const caps = kinds.includes("run") ? runCaps : null;
          if (rows.length === 0 && !caps) return null;
          return (
            <Fragment key={label}>
              <tbody>
                <tr className={s.group}>
                  <th scope="rowgroup" colSpan={8}>
                    {label}
                  </th>
                </tr>
                {rows.map((each) => (
                  <Row key={each.slug} of={each} on={each.slug === chosen} onChoose={onChoose} />
                ))}
                {caps && <RunCaps of={caps} />}
              </tbody>
            </Fragment>
          );
        })}
      </table>
    </div>
  );
}

function Row({ of, on, onChoose }: { of: BudgetShape; on: boolean; onChoose: (slug: string) => void }) {
  const { environment } = usePlace();
  const Icon = SCOPE_ICONS[of.scope.kind];
  const name = nameOf(of, environment.name);
  const sum = isSum(of.metric);
  const say = (n: number) => amountWords(of.metric, n);
  return (
    // the name is the button; the row only makes it easier to hit
    <tr data-on={on || undefined} data-slug={of.slug} className={s.row} onClick={() => onChoose(of.slug)}>
      <th scope="row" className={s.name}>
        <button type="button" aria-pressed={on}>
          <Icon size={15} />
          <b>{name}</b>
          <small>
            {measureOf(of)}
            {of.worst && of.scope.key === null && `, nearest: ${shorten(of.worst, 8, 4)}`}
          </small>
        </button>
      </th>
      <td className={s.barCell}>
        <BudgetBar of={of} label={`${name}, ${measureOf(of)}`} />
      </td>
      <td className={s.num} data-label="Spent">
        {say(of.usage.spent)}
      </td>
      <td className={s.num} data-label="Unsettled" data-quiet={!sum || undefined}>
        {sum ? say(of.usage.unsettled) : "–"}
      </td>
      <td className={s.num} data-label="Held" data-quiet={!sum || undefined}>
        {sum ? say(of.usage.held) : "–"}
      </td>
      <td className={s.num} data-label="Soft" data-quiet>
        {of.soft ? say(of.amount * of.soft.at) : "–"}
      </td>
      <td className={s.num} data-label={of.hard ? "Hard" : "Amount, refuses nothing"} data-quiet>
        {say(of.amount)}
        {!of.hard && <span className={s.watched}> watched</span>}
      </td>
      <td className={s.outlook} data-label="Forecast">
        <Outlook of={of} />
      </td>
    </tr>
  );
}

/** What the parts of a bar mean, in the order in which they stand. */
export const Legend = () => (
  <ul className={s.legend} aria-label="Legend">
    <li data-of="spent">spent</li>
    <li data-of="unsettled">unsettled, a hold ended without a result: counts as its estimate</li>
    <li data-of="held">held by calls in flight</li>
    <li data-of="forecast">forecast</li>
    <li data-of="soft">soft limit</li>
    <li data-of="hard">hard limit</li>
  </ul>
);
