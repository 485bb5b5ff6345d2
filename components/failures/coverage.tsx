"use client";

import { Fragment } from "react";
import type { CategoryShape } from "@/lib/detectors/schema";
import { CELLS, type Cell, type Coverage } from "@/lib/failures/schema";
import { usePlace } from "../frame/place";
import { Checks } from "../kit/checks";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { TextLink } from "../kit/text";
import s from "./coverage.module.css";
import { CELL_WORDS, GROUP_WORDS, type Group, LACK_WORDS, MEND_AT, MEND_WORDS } from "./words";

function Mark({ cell }: { cell: Cell }) {
  const { word, Icon } = CELL_WORDS[cell];
  return (
    <span className={s.cell} data-cell={cell}>
      {Icon && <Icon size={13} aria-hidden />}
      {word}
    </span>
  );
}

/** Which failure would be noticed on which agent, and what is missing, each with the link that mends it. */
export function CoverageTab({ of, catalogue }: { of: Coverage; catalogue: CategoryShape[] }) {
  const { slug } = usePlace().environment;
  const blind = of.rows.flatMap((row) => row.cells).filter((cell) => cell === "blind").length;
  const entry = (name: string) => `/${slug}/failures/${encodeURIComponent(name)}`;
  return (
    <>
      {of.missing.length > 0 && (
        <Panel
          title="What is missing"
          sub={`${counted(of.missing.length, "gap")} in ${counted(of.needs_work, "entry", "entries")}`}
        >
          <div className={s.missing}>
            <Checks
              items={of.missing.map((m) => ({
                id: `${m.failure} ${m.what}`,
                state: m.what === "data" || m.what === "review" ? "warn" : "open",
                what: `${m.name}: ${LACK_WORDS[m.what]}`,
                why: m.why,
                right: (
                  <TextLink href={`${entry(m.failure)}${MEND_AT[m.what]}`} label={`${MEND_WORDS[m.what]}: ${m.name}`}>
                    {MEND_WORDS[m.what]}
                  </TextLink>
                ),
              }))}
            />
          </div>
        </Panel>
      )}
      <Panel
        title="Category by agent"
        sub={
          of.agents.length === 0
            ? undefined
            : `which failure would be noticed where; ${counted(blind, "cell is", "cells are")} blind${of.agents_left_off > 0 ? `, ${counted(of.agents_left_off, "agent")} not shown` : ""}`
        }
      >
        {of.agents.length === 0 ? (
          <Empty bare title="No agent has been seen in the last 30 days">
            Once an agent opens a run or sends spans, it becomes a column here.{" "}
            <TextLink href={`/${slug}/connect`}>Connect an agent</TextLink>
          </Empty>
        ) : (
          <Heat of={of} catalogue={catalogue} />
        )}
      </Panel>
      {of.without_entry.length > 0 && (
        <Panel
          title="Categories with no entry"
          sub={`${of.without_entry.length}: nobody here has said what they would look like`}
        >
          <ul className={s.without}>
            {of.without_entry.map((c) => (
              <li key={c.category}>
                <TextLink href={`/${slug}/failures?tab=catalogue#${c.category}`}>{c.name}</TextLink>
                <small>{c.rules > 0 ? `${counted(c.rules, "rule")} of the catalogue` : "no rule"}</small>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Heat({ of, catalogue }: { of: Coverage; catalogue: CategoryShape[] }) {
  const { slug } = usePlace().environment;
  const cells = new Map(of.rows.map((row) => [row.category, row]));
  const shown = CELLS.filter((cell) => of.rows.some((row) => row.cells.includes(cell)));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={s.heat} aria-label="Category by agent" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="il-sr">Category</span>
              </th>
              {of.agents.map((agent) => (
                <th key={agent} scope="col" title={agent}>
                  <TextLink plain href={`/${slug}/agents/${encodeURIComponent(agent)}`}>
                    {agent}
                  </TextLink>
                </th>
              ))}
            </tr>
          </thead>
          {(Object.keys(GROUP_WORDS) as Group[]).map((group) => (
            <Fragment key={group}>
              <tbody>
                <tr className={s.group}>
                  <th scope="rowgroup" colSpan={of.agents.length + 1}>
                    {GROUP_WORDS[group]}
                  </th>
                </tr>
                {catalogue
                  .filter((c) => c.group === group)
                  .map((c) => {
                    const row = cells.get(c.slug);
                    const [entry] = row?.entries ?? [];
                    return (
                      <tr key={c.slug}>
                        <th scope="row" title={c.symptom}>
                          {entry ? (
                            <TextLink plain href={`/${slug}/failures/${encodeURIComponent(entry)}`}>
                              {c.name}
                            </TextLink>
                          ) : (
                            c.name
                          )}
                        </th>
                        {of.agents.map((agent, n) => (
                          <td key={agent}>
                            <Mark cell={row?.cells[n] ?? "not_applicable"} />
                          </td>
                        ))}
                      </tr>
                    );
                  })}
              </tbody>
            </Fragment>
          ))}
        </table>
      </section>
      <ul className={s.legend} aria-label="Legend">
        {shown.map((cell) => (
          <li key={cell}>
            <Mark cell={cell} />
            {CELL_WORDS[cell].means}
          </li>
        ))}
      </ul>
    </>
  );
}
