"use client";

import { IconTimeline } from "@tabler/icons-react";
import { usePlace } from "../frame/place";
import { integer, money, shorten } from "../kit/numbers";
import { TextLink } from "../kit/text";
import { runHref } from "../runs/list/columns";
import s from "./budgets.module.css";
import type { Budgets } from "./queries";

/** The caps that policies put on every run: the live run that has spent most stands for them. */
export function RunCaps({ of }: { of: Budgets["run_caps"] }) {
  const { slug } = usePlace().environment;
  const { worst } = of;
  const run = (n: number | undefined) => (n === undefined ? "–" : n === 0 ? "$0" : money(n, { run: true }));
  return (
    <tr className={s.row}>
      <th scope="row" className={s.name}>
        <span>
          <IconTimeline size={15} aria-hidden />
          <b>every run</b>
          <small>US dollars, per run; most spent of {integer(of.live)} live</small>
        </span>
      </th>
      <td className={s.barCell}>
        {worst ? (
          <>
            <TextLink href={runHref(slug, worst.run_id)} mono>
              {shorten(worst.run_id, 8, 4)}
            </TextLink>{" "}
            <small className={s.calm}>of {worst.agent_id}</small>
          </>
        ) : (
          <span className={s.calm}>{of.live > 0 ? "none has spent anything yet" : "no run is live"}</span>
        )}
      </td>
      <td className={s.num} data-label="Spent">
        {run(worst?.spent_usd)}
      </td>
      <td className={s.num} data-label="Unsettled">
        {run(worst?.unsettled_usd)}
      </td>
      <td className={s.num} data-label="Held">
        {run(worst?.held_usd)}
      </td>
      <td className={s.num} data-label="Soft" data-quiet>
        –
      </td>
      <td className={s.num} data-label="Hard" data-quiet>
        –
      </td>
      <td className={s.outlook} data-label="Caps">
        <TextLink href={`/${slug}/policies`}>in policies</TextLink>
      </td>
    </tr>
  );
}
