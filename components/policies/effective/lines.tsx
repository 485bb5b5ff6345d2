"use client";

import { Fragment } from "react";
import type { EffectiveShape } from "@/lib/policies/schema";
import { usePlace } from "../../frame/place";
import { Panel } from "../../kit/panel";
import { Dim, Mono, TextLink } from "../../kit/text";
import { GROUP_ORDER, groupOf, ruleHref, valueWords } from "../words";
import s from "./effective.module.css";

type Line = EffectiveShape["lines"][number];

/** One square a document, the same in every line; hollow: nobody says it. The name stands beside it. */
export const Square = ({ n }: { n: number | null }) => (
  <i className={s.square} data-n={n === null ? "none" : Math.min(n, 3)} aria-hidden />
);

function From({ line, order }: { line: Line; order: string[] }) {
  const { slug } = usePlace().environment;
  if (line.from.length === 0)
    return (
      <span className={s.from}>
        <Square n={null} />
        <Dim>nobody says it: safe value</Dim>
      </span>
    );
  return (
    <span className={s.from}>
      <Square n={order.indexOf(line.from[0]?.policy_id ?? "")} />
      <span>
        {line.from.map((each, n) => (
          <Fragment key={each.policy_id}>
            {n > 0 && " and "}
            <TextLink href={ruleHref(slug, each.policy_id, each.version, line.key)}>
              {each.policy_id} {each.version}
            </TextLink>
          </Fragment>
        ))}
      </span>
    </span>
  );
}

function Aside({ line }: { line: Line }) {
  // a list that intersects keeps every document and loses names
  if (line.set_aside.length === 0) return <>–</>;
  return (
    <>
      {line.set_aside.map((each, n) => (
        <Fragment key={each.policy_id}>
          {n > 0 && ", "}
          {each.policy_id}: <s>{valueWords(each.value)}</s>
        </Fragment>
      ))}
    </>
  );
}

/** Conditions and the like are lists of rules: each on a line of its own. */
function Value({ value }: { value: unknown }) {
  const rules = Array.isArray(value) && value.some((each) => typeof each === "object");
  if (!rules) return <b className={s.value}>{valueWords(value)}</b>;
  return (
    <ul>
      {value.map((each) => (
        <li key={JSON.stringify(each)}>
          <b className={s.value}>{valueWords(each)}</b>
        </li>
      ))}
    </ul>
  );
}

/* On a phone its cells are blocks and lose their table roles, so they say them aloud. */
const role = (name: string) => ({ role: name });

/** Every key that holds, grouped: what, from whom, how it was chosen, what was set aside. */
export function EffectiveLines({ lines, order, rule }: { lines: Line[]; order: string[]; rule: string | null }) {
  const groups = GROUP_ORDER.map((name) => ({ name, lines: lines.filter((line) => groupOf(line.key) === name) }));
  return (
    <Panel>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={s.scroll} tabIndex={0} aria-label="Effective policy, line by line">
        <table className={s.table} {...role("table")}>
          <thead {...role("rowgroup")}>
            <tr {...role("row")}>
              <th scope="col" {...role("columnheader")}>
                Key
              </th>
              <th scope="col" {...role("columnheader")}>
                Holds
              </th>
              <th scope="col" {...role("columnheader")}>
                Comes from
              </th>
              <th scope="col" {...role("columnheader")}>
                How it was chosen
              </th>
              <th scope="col" {...role("columnheader")}>
                Set aside
              </th>
            </tr>
          </thead>
          {groups.map((group) =>
            group.lines.length === 0 ? null : (
              <tbody key={group.name} {...role("rowgroup")}>
                <tr className={s.group} {...role("row")}>
                  <th colSpan={5} scope="colgroup" {...role("rowheader")}>
                    {group.name}
                  </th>
                </tr>
                {group.lines.map((line) => (
                  <tr key={line.key} {...role("row")} data-named={rule?.startsWith(line.key) || undefined}>
                    <td {...role("cell")} data-label="Key">
                      <Mono>{line.key}</Mono>
                    </td>
                    <td {...role("cell")} data-label="Holds">
                      <Value value={line.value} />
                    </td>
                    <td {...role("cell")} data-label="Comes from">
                      <From line={line} order={order} />
                    </td>
                    <td
                      {...role("cell")}
                      data-label="How it was chosen"
                      data-none={line.from.length === 0 || undefined}
                    >
                      <Dim>{line.from.length === 0 ? "–" : line.how}</Dim>
                    </td>
                    <td
                      {...role("cell")}
                      data-label="Set aside"
                      data-none={line.set_aside.length === 0 || undefined}
                      className={s.lost}
                    >
                      <Aside line={line} />
                    </td>
                  </tr>
                ))}
              </tbody>
            ),
          )}
        </table>
      </section>
    </Panel>
  );
}
