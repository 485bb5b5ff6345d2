"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { incidentAlertsQuery } from "../../alerts/queries";
import { alertHref } from "../../alerts/words";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { KeyValue, Panel } from "../../kit/panel";
import { Dim, Mono, TextLink } from "../../kit/text";
import { incidentHref } from "../words";
import s from "./detail.module.css";
import type { OnDo } from "./doing";

const SHOWN = 6;
export function LinkedPanel({ of, onDo }: { of: IncidentDetail; onDo: OnDo }) {
  const { slug } = usePlace().environment;
  const alerts = useQuery(incidentAlertsQuery(slug, of.incident_id)).data?.items ?? [];
  const { entry } = of;
  const items: { term: string; value: ReactNode }[] = [
    {
      term: "Entry",
      value: entry ? (
        <>
          <TextLink href={`/${slug}/failures/${encodeURIComponent(entry.slug)}`}>{entry.name}</TextLink>, owner{" "}
          {entry.owner ?? "nobody"}
        </>
      ) : (
        <Dim>not chosen</Dim>
      ),
    },
    { term: "Category", value: of.category ? <Mono>{of.category}</Mono> : <Dim>–</Dim> },
    {
      term: "Alerts",
      value:
        alerts.length === 0 ? (
          <Dim>none</Dim>
        ) : (
          <ul className={s.list}>
            {alerts.slice(0, SHOWN).map((a) => (
              <li key={a.alert_id}>
                <TextLink href={alertHref(slug, a.alert_id)}>{a.rule_name}</TextLink>
                {a.runs > 0 && `, ${counted(a.runs, "run")} as evidence`}
              </li>
            ))}
            {alerts.length > SHOWN && <li>and {alerts.length - SHOWN} more</li>}
          </ul>
        ),
    },
    {
      term: "Runbook",
      value: entry ? (
        <TextLink href={`/${slug}/failures/${encodeURIComponent(entry.slug)}#runbook`}>its first moves</TextLink>
      ) : of.category ? (
        <TextLink href={`/${slug}/failures?tab=catalogue#${of.category}`}>the catalogue's</TextLink>
      ) : (
        <Dim>–</Dim>
      ),
    },
    {
      term: "Agents",
      value:
        of.evidence.agents.length === 0 ? (
          <Dim>–</Dim>
        ) : (
          <ul className={s.list}>
            {of.evidence.agents.slice(0, SHOWN).map((agent) => (
              <li key={agent}>
                <TextLink href={`/${slug}/agents/${encodeURIComponent(agent)}`}>{agent}</TextLink>
              </li>
            ))}
          </ul>
        ),
    },
  ];
  if (of.recurrence_of)
    items.push({
      term: "Before",
      value: <TextLink href={incidentHref(slug, of.recurrence_of)}>{of.recurrence_of}</TextLink>,
    });
  return (
    <Panel
      title="Linked"
      right={
        onDo && (
          <Button size="xs" onClick={() => onDo({ what: "failure" })}>
            {entry ? "Another entry…" : "Choose the entry…"}
          </Button>
        )
      }
    >
      <KeyValue padded items={items} />
    </Panel>
  );
}
