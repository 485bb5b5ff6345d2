"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { minutesWords } from "../../failures/words";
import { usePlace } from "../../frame/place";
import { money } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { St } from "../../kit/status";
import { Dim, TextLink } from "../../kit/text";
import s from "./detail.module.css";
import type { OnDo } from "./doing";

const dash = <Dim>–</Dim>;
const Good = ({ children }: { children: ReactNode }) => (
  <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
    {children}
  </St>
);
const Bad = ({ children }: { children: ReactNode }) => (
  <St tone="bad" icon={<IconAlertTriangle size={14} aria-hidden />}>
    {children}
  </St>
);

function Lateness({ of }: { of: NonNullable<IncidentDetail["actual"]> }) {
  const gap = of.minutes_early_or_late;
  if (!of.rule_fired) return <Bad>it did not fire</Bad>;
  if (gap === null) return <Dim>nothing was predicted</Dim>;
  if (gap > 0) return <Bad>{minutesWords(gap)} late</Bad>;
  return <Good>{gap === 0 ? "on time" : `${minutesWords(gap)} early`}</Good>;
}

/** What the entry foresaw beside what came. Where the two differ most, most is learnt. */
export function ComparedPanel({ of, onDo }: { of: IncidentDetail; onDo: OnDo }) {
  const { slug } = usePlace().environment;
  const { predicted: p, actual: a, evidence: e, entry } = of;
  const cost = p?.cost_usd != null && a?.cost_usd != null ? a.cost_usd - p.cost_usd : null;
  const seen = (value: ReactNode) => (a ? value : <Dim>{value}</Dim>);
  return (
    <Panel
      title="Predicted against actual"
      sub={
        entry ? (
          <>
            entry <TextLink href={`/${slug}/failures/${encodeURIComponent(entry.slug)}`}>{entry.name}</TextLink>
          </>
        ) : (
          "no entry is chosen"
        )
      }
      right={
        <>
          {a && <Good>filled in</Good>}
          {onDo && (
            <Button
              size="xs"
              onClick={() => onDo({ what: "actual" })}
              aria-label={`${a ? "Edit" : "Fill in"} what was`}
            >
              {a ? "Edit…" : "Fill in…"}
            </Button>
          )}
        </>
      }
    >
      <div className={s.scroll}>
        <table className={s.compare}>
          <thead>
            <tr>
              <td />
              <th scope="col">Predicted</th>
              <th scope="col">{a ? "Actual" : "By the records"}</th>
              <th scope="col">Difference</th>
            </tr>
          </thead>
          <tbody>
            {p?.text && (
              <tr>
                <th scope="row">Foreseen</th>
                <td colSpan={3}>{p.text}</td>
              </tr>
            )}
            <tr>
              <th scope="row">Rule fires</th>
              <td>{p?.detect_minutes == null ? dash : `within ${minutesWords(p.detect_minutes)}`}</td>
              <td>
                {seen(
                  (a?.rule_fired ?? e.rule_fired)
                    ? `after ${minutesWords(e.minutes_to_detect)}`
                    : "no rule of it fired",
                )}
              </td>
              <td>{a ? <Lateness of={a} /> : dash}</td>
            </tr>
            <tr>
              <th scope="row">Cost</th>
              <td>{money(p?.cost_usd, { run: true })}</td>
              <td>{seen(money(a ? a.cost_usd : e.cost_usd, { run: true }))}</td>
              <td>{cost === null ? dash : `${cost > 0 ? "+" : ""}${money(cost, { run: true })}`}</td>
            </tr>
            <tr>
              <th scope="row">Impact</th>
              <td>{p?.impact ?? dash}</td>
              <td colSpan={2}>{a?.impact ?? dash}</td>
            </tr>
            <tr>
              <th scope="row">What changes</th>
              <td colSpan={3}>{a?.changes ?? dash}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
