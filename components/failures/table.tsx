"use client";

import { Fragment } from "react";
import type { CategoryShape } from "@/lib/detectors/schema";
import type { FailureShape } from "@/lib/failures/schema";
import { usePlace } from "../frame/place";
import { St } from "../kit/status";
import { Dim, Mono, TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";
import s from "./failures.module.css";
import { FState, Gap, Owner } from "./parts";
import { actualMinutes, GROUP_WORDS, type Group, LACK_WORDS, minutesWords, shortRule } from "./words";

const HEADS = ["Entry", "State", "We would know from", "Owner", "Last seen"] as const;

/** Entries under the groups of the catalogue. */
export function FailureTable({ items, catalogue }: { items: FailureShape[]; catalogue: CategoryShape[] }) {
  const group = new Map(catalogue.map((c) => [c.slug, c.group]));
  const groups = Object.keys(GROUP_WORDS) as Group[];
  const rows = (of: Group | null) => items.filter((f) => (group.get(f.category) ?? null) === of);
  return (
    <div className={s.scroll}>
      <table className={s.table} aria-label="Failures">
        <thead>
          <tr>
            {HEADS.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col" className={s.num}>
              Predicted
            </th>
            <th scope="col" className={s.num}>
              Actual
            </th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        {[...groups, null].map((of) => {
          const found = rows(of);
          if (found.length === 0) return null;
          return (
            <Fragment key={of ?? "other"}>
              <tbody>
                <tr className={s.group}>
                  <th scope="rowgroup" colSpan={8}>
                    {of ? GROUP_WORDS[of] : "Categories that no longer ship"}
                  </th>
                </tr>
                {found.map((each) => (
                  <Row key={each.slug} of={each} />
                ))}
              </tbody>
            </Fragment>
          );
        })}
      </table>
    </div>
  );
}

function Row({ of }: { of: FailureShape }) {
  const { environment, may } = usePlace();
  const href = `/${environment.slug}/failures/${encodeURIComponent(of.slug)}`;
  const [rule] = of.rules;
  const actual = actualMinutes(of);
  const seen = [of.fired_at, of.last_actual?.at, of.seen?.at]
    .filter((at) => at !== null && at !== undefined)
    .toSorted();
  const rest = of.missing.filter((lack) => lack === "runbook" || lack === "review" || lack === "arming");
  return (
    <tr>
      <th scope="row" className={s.name}>
        <TextLink plain href={href}>
          {of.name}
        </TextLink>
        {rest.length > 0 && <small>{rest.map((lack) => LACK_WORDS[lack]).join(", ")}</small>}
      </th>
      <td>
        <FState state={of.state} />
      </td>
      <td className={s.sentence} data-label="We would know from">
        {rule ? (
          <span title={of.rules.map((r) => r.sentence).join("\n")}>
            <Mono>{shortRule(rule)}</Mono>
            {of.rules.length > 1 && <Dim> and {of.rules.length - 1} more</Dim>}
          </span>
        ) : may["failures.write"] ? (
          <TextLink href={`${href}#rule`}>Write the rule</TextLink>
        ) : (
          <Dim>no rule</Dim>
        )}
      </td>
      <td data-label="Owner">
        {of.owner ? (
          <Owner of={of.owner} />
        ) : may["failures.write"] ? (
          <TextLink href={`${href}#entry`} label={`Name an owner of ${of.name}`}>
            Name an owner
          </TextLink>
        ) : (
          <St tone="quiet">nobody</St>
        )}
      </td>
      <td data-label="Last seen">{seen.length > 0 ? <RelativeTime at={seen.at(-1)} /> : <Dim>never</Dim>}</td>
      <td className={s.num} data-label="Predicted" data-none={of.prediction.detect_minutes === null || undefined}>
        {of.prediction.detect_minutes === null ? <Dim>–</Dim> : minutesWords(of.prediction.detect_minutes)}
      </td>
      <td className={s.num} data-label="Actual" data-none={actual === null || undefined}>
        {actual === null ? <Dim>–</Dim> : minutesWords(actual)}
      </td>
      <td data-label="Difference">
        <Gap of={of} />
      </td>
    </tr>
  );
}
