"use client";

import { useQuery } from "@tanstack/react-query";
import { ALERT_SEVERITIES } from "@/lib/alerts/schema";
import { usePlace } from "../frame/place";
import { Severity, type SeverityLevel, Tag } from "../kit/status";
import { Mono, TextLink } from "../kit/text";
import s from "./on-run.module.css";
import { AlertState } from "./parts";
import { runAlertsQuery } from "./queries";
import { againstWords, alertHref } from "./words";

const SHOWN = 4;
/** Every rule that fired on this run; nothing where none did. */
export function AlertsOnRun({ runId }: { runId: string }) {
  const { slug } = usePlace().environment;
  const found = useQuery(runAlertsQuery(slug, runId)).data?.items ?? [];
  const rank = (level: SeverityLevel) => ALERT_SEVERITIES.indexOf(level);
  const items = found.toSorted((a, b) => rank(b.severity) - rank(a.severity));
  if (items.length === 0) return null;
  return (
    <section className={s.alerts} aria-label="Alerts on this run">
      <h2>Alerts on this run</h2>
      <ul>
        {items.slice(0, SHOWN).map((a) => (
          <li key={a.alert_id}>
            <Severity level={a.severity} />
            <TextLink href={alertHref(slug, a.alert_id)}>{a.rule_name}</TextLink>
            <Mono>{againstWords(a)}</Mono>
            {a.historic ? <Tag>historic</Tag> : <AlertState state={a.state} />}
          </li>
        ))}
      </ul>
      {items.length > SHOWN && <p>and {items.length - SHOWN} more rules</p>}
    </section>
  );
}
