"use client";

import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ActualShape, FailureDetail } from "@/lib/failures/schema";
import { usePlace } from "../../frame/place";
import { counted, money } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { St } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { dayWords, minutesWords } from "../words";
import s from "./entry.module.css";

/** What was foreseen beside what came: where most is learnt. */
export function Actuals({ of }: { of: FailureDetail }) {
  const { slug } = usePlace().environment;
  const [last] = of.actuals;
  return (
    <Panel
      title="Predicted against actual"
      sub={
        last && (
          <>
            <TextLink href={`/${slug}/incidents/${encodeURIComponent(last.incident_id)}`}>{last.incident_id}</TextLink>,{" "}
            {dayWords(last.at)}
            {of.actuals.length > 1 && `, and ${of.actuals.length - 1} before`}
          </>
        )
      }
    >
      {last ? (
        <>
          <Compared of={last} />
          {of.actuals.length > 1 && <Gaps of={of.actuals} />}
        </>
      ) : (
        <Empty bare title="No incident yet">
          When an incident of this kind is closed, what happened is set against the prediction here: whether the rule
          fired, how early or late, what it cost, and what changes.
          {of.prediction.detect_minutes === null &&
            " There is no predicted time yet: say within how many minutes we would know."}
        </Empty>
      )}
    </Panel>
  );
}

function Compared({ of }: { of: ActualShape }) {
  const { predicted: p, minutes_early_or_late: gap } = of;
  const took = p.detect_minutes !== null && gap !== null ? Math.max(0, p.detect_minutes + gap) : null;
  const cost = p.cost_usd !== null && of.cost_usd !== null ? of.cost_usd - p.cost_usd : null;
  const dash = <Dim>–</Dim>;
  return (
    <table className={s.compare}>
      <thead>
        <tr>
          <th scope="col">
            <span className="il-sr">What</span>
          </th>
          <th scope="col">Predicted</th>
          <th scope="col">Actual</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Its rule fires</th>
          <td>{p.detect_minutes === null ? dash : `within ${minutesWords(p.detect_minutes)}`}</td>
          <td>{of.rule_fired ? (took === null ? "it fired" : `after ${minutesWords(took)}`) : "it did not fire"}</td>
          <td>
            <Lateness of={of} />
          </td>
        </tr>
        <tr>
          <th scope="row">Cost</th>
          <td>{money(p.cost_usd)}</td>
          <td>{money(of.cost_usd)}</td>
          <td>{cost === null ? dash : `${cost > 0 ? "+" : ""}${money(cost)}`}</td>
        </tr>
        <tr>
          <th scope="row">Impact</th>
          <td>{p.impact ?? dash}</td>
          <td colSpan={2}>{of.impact}</td>
        </tr>
        <tr>
          <th scope="row">What changes</th>
          <td colSpan={3}>{of.changes}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Lateness({ of }: { of: ActualShape }) {
  const gap = of.minutes_early_or_late;
  if (!of.rule_fired || gap === null || gap > 0)
    return (
      <St tone="bad" icon={<IconAlertTriangle size={14} aria-hidden />}>
        {!of.rule_fired ? "not noticed by it" : gap === null ? "nothing was predicted" : `${minutesWords(gap)} late`}
      </St>
    );
  return (
    <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
      {gap === 0 ? "in time" : `${minutesWords(gap)} early`}
    </St>
  );
}

const WIDTH = 480;
const HEIGHT = 96;
const MIDDLE = 48;
/** The gap over time, oldest first: up is late, down is early, a dashed frame is a rule that did not fire. */
function Gaps({ of }: { of: readonly ActualShape[] }) {
  const items = of.slice(0, 12).toReversed();
  const most = Math.max(0.001, ...items.map((a) => Math.abs(a.minutes_early_or_late ?? 0)));
  const step = WIDTH / items.length;
  const said = items.map((a) => `${a.incident_id} ${a.rule_fired ? (a.minutes_early_or_late ?? "–") : "not fired"}`);
  return (
    <div className={s.gap}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Minutes late, by incident: ${said.join(", ")}`}>
        <line className={s.zero} x1={0} x2={WIDTH} y1={MIDDLE} y2={MIDDLE} />
        {items.map((a, n) => {
          const gap = a.minutes_early_or_late;
          const tall = gap === null ? 24 : Math.max(2, (Math.abs(gap) / most) * 30);
          const up = gap === null || gap > 0;
          const x = n * step + 8;
          return (
            <g key={a.incident_id}>
              <rect
                className={s.bar}
                data-late={(gap !== null && gap > 0) || undefined}
                data-none={gap === null || undefined}
                x={x}
                width={Math.min(40, step - 16)}
                y={up ? MIDDLE - tall : MIDDLE}
                height={tall}
              />
              <text className={s.axis} x={x} y={up ? MIDDLE - tall - 4 : MIDDLE + tall + 12}>
                {gap === null ? "did not fire" : `${minutesWords(gap)} ${gap > 0 ? "late" : "early"}`}
              </text>
            </g>
          );
        })}
      </svg>
      <Dim>
        {counted(items.length, "incident")}, oldest first: <Mono>{items.map((a) => a.incident_id).join(", ")}</Mono>
      </Dim>
    </div>
  );
}
