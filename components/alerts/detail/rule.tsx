"use client";

import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { AlertDetail } from "@/lib/alerts/schema";
import type { RuleShape } from "@/lib/detectors/schema";
import { failureQuery } from "../../failures/queries";
import { usePlace } from "../../frame/place";
import { Note } from "../../kit/note";
import { KeyValue, Panel } from "../../kit/panel";
import { NoPerson, Person } from "../../kit/person";
import { Severity } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { NEEDS_OWNER, valueWords } from "../words";
import { LetItAct } from "./act";

/** Its entry, also where the rule came to belong to one after it fired. */
export const failureOf = (of: AlertDetail, rule: RuleShape | undefined): string | null => rule?.failure ?? of.failure;
const entryHref = (slug: string, of: AlertDetail, failure: string | null): string =>
  failure
    ? `/${slug}/failures/${encodeURIComponent(failure)}?rule=${encodeURIComponent(of.rule)}#rule`
    : `/${slug}/failures?tab=catalogue#${of.category}`;

/** A rule in observe raises alerts and stops nothing: said where somebody may think otherwise. */
export function OnlyObserves({ of, rule }: { of: AlertDetail; rule: RuleShape | undefined }) {
  const { may } = usePlace();
  const [acting, setActing] = useState(false);
  if (of.historic)
    return (
      <Note>
        <b>It came late.</b> What it is about was older than an hour when it arrived: nobody was told and nothing was
        done.
      </Note>
    );
  if (of.state === "resolved" || (rule ? rule.mode !== "observe" : of.mode !== "observe")) return null;
  const allowed = may["rules.write"] === true;
  return (
    <>
      <Note
        tone="warn"
        icon={<IconEye size={17} aria-hidden />}
        right={
          <Button
            size="xs"
            disabled={!allowed || !rule}
            title={allowed ? undefined : NEEDS_OWNER}
            onClick={() => setActing(true)}
          >
            Let it act…
          </Button>
        }
      >
        <b>This rule only observes.</b> It told nobody and stopped nothing.
        {!allowed && ` ${NEEDS_OWNER}`}
      </Note>
      {acting && rule && <LetItAct rule={rule} onClose={() => setActing(false)} />}
    </>
  );
}

const MODES: Record<RuleShape["mode"], string> = {
  observe: "observes: alerts, and does nothing",
  act: "acts",
  off: "off since: it judges no more",
};
const minutes = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;

export function RulePanel({ of, rule }: { of: AlertDetail; rule: RuleShape | undefined }) {
  const { slug } = usePlace().environment;
  const failure = failureOf(of, rule);
  const entry = useQuery({ ...failureQuery(slug, failure ?? ""), enabled: failure !== null, retry: false }).data;
  const href = entryHref(slug, of, failure);
  const items: { term: string; value: ReactNode }[] = [
    { term: "Says", value: rule?.sentence ?? of.sentence },
    { term: "Rule", value: <Mono>{of.rule}</Mono> },
    {
      term: "Entry",
      value: failure ? (
        <TextLink href={href}>{entry?.name ?? failure}</TextLink>
      ) : (
        <TextLink href={href}>{`none yet: ${of.category} in the catalogue`}</TextLink>
      ),
    },
  ];
  if (failure)
    items.push({
      term: "Owner",
      value: entry?.owner ? <Person name={entry.owner.name} /> : <NoPerson>nobody</NoPerson>,
    });
  if (rule) {
    items.push(
      { term: "Severity", value: <Severity level={rule.severity} /> },
      {
        term: "Mode",
        value: `${MODES[rule.mode]}${rule.mode === "act" ? `: ${rule.actions.join(", ") || "no act"}` : ""}`,
      },
      { term: "Warns at", value: rule.warn_threshold === null ? <Dim>–</Dim> : valueWords(rule.warn_threshold) },
      { term: "Again", value: rule.renotify_s === null ? "once" : `each ${minutes(rule.renotify_s)} while open` },
    );
  } else items.push({ term: "Now", value: "The rule is gone." });
  return (
    <Panel title="The rule" right={failure ? <TextLink href={href}>Back-test</TextLink> : undefined}>
      <KeyValue padded items={items} />
    </Panel>
  );
}
