"use client";

import { IconCircleCheck, IconProgress } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { PropagationShape } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { ProgressBar } from "../../kit/meter";
import { ModePill } from "../../kit/mode-pill";
import { clockUtc, counted, duration, integer } from "../../kit/numbers";
import { Tag } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import { auditHref, blocks, isSpreading, nameOf, shortRevision, unproven } from "../words";
import s from "./propagation.module.css";

/** What the switch is doing, as a sentence. */
function headline(data: PropagationShape, name: string): string {
  const set = data.switch;
  if (set.released_at) return `${name} is released`;
  const spreading = isSpreading(data);
  if (blocks(set.scope.kind)) return spreading ? `${name} is being blocked` : `${name} is blocked`;
  switch (set.mode) {
    case "stop":
      return spreading ? `${name} is stopping` : `${name} is stopped`;
    case "pause":
      return spreading ? `${name} is being paused` : `${name} is paused`;
    default:
      return spreading ? `${name} is going into safe mode` : `${name} is in safe mode`;
  }
}

export function median(values: number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

export function Hero({ data, failing }: { data: PropagationShape; failing: boolean }) {
  const { environment } = usePlace();
  const { slug } = environment;
  const set = data.switch;
  const name = nameOf(set.scope, environment.name);
  const lags = data.instances.flatMap((each) => each.lag_ms ?? []);
  const seen = lags.length;
  const lost = data.instances.filter((each) => each.state === "lost").length;
  const lagging = data.instances.filter((each) => each.state === "requested").length;
  const open = data.runs.requested - data.runs.confirmed;
  const loose = unproven(data);
  const middle = median(lags);
  const slowest = lags.length > 0 ? Math.max(...lags) : null;
  const ended = set.mode === "stop" && !blocks(set.scope.kind) ? "ended" : "obey";
  return (
    <section
      className={s.hero}
      data-mode={set.mode}
      data-over={set.released_at !== null || undefined}
      aria-label="Switch"
    >
      <div className={s.top}>
        {set.released_at ? (
          <Tag tone="good" icon={<IconCircleCheck size={12} aria-hidden />}>
            released
          </Tag>
        ) : (
          <ModePill mode={set.mode} stopping={isSpreading(data)} size="lg" />
        )}
        <div>
          <h1 aria-live="polite">{headline(data, name)}</h1>
          <p>
            “{set.reason}”, {set.set_by_name}, <RelativeTime at={set.set_at} />.{" "}
            <span title={`Revision ${set.revision}`}>Revision {shortRevision(set.revision)}</span>,{" "}
            <TextLink href={auditHref(slug, set.switch_id)}>audit row</TextLink>.
          </p>
        </div>
        {!set.released_at && loose > 0 && (
          <Tag tone="warn" hatched>
            {counted(loose, "run")} cannot be confirmed
          </Tag>
        )}
        {failing && <Tag tone="warn">not live: the server does not answer</Tag>}
      </div>
      <div className={s.steps}>
        <Step
          done
          title="Requested"
          figure={integer(data.runs.requested)}
          of={`${data.runs.requested === 1 ? "run" : "runs"}, ${counted(data.instances.length, "instance")}`}
          meta={`${clockUtc(new Date(set.set_at))}.${set.set_at.slice(20, 23)} UTC`}
          bar={<ProgressBar label="Requested" done={1} of={1} />}
        />
        <Step
          done={seen === data.instances.length && (seen > 0 || loose === 0)}
          title="Seen"
          figure={integer(seen)}
          of={`of ${counted(data.instances.length, "instance")}${lagging > 0 ? `, ${lagging} not yet` : ""}${lost > 0 ? `, ${lost} lost` : ""}`}
          meta={
            middle === null || slowest === null
              ? "nobody has answered yet"
              : `median ${duration(middle / 1000)}, slowest ${lagging > 0 ? "so far " : ""}${duration(slowest / 1000)}`
          }
          bar={<Bar label="Seen" done={seen} of={data.instances.length} />}
        />
        <Step
          done={open === 0 && loose === 0}
          title="Confirmed"
          figure={integer(data.runs.confirmed)}
          of={`of ${counted(data.runs.requested, "run")} ${ended}${open > 0 ? `, ${open} outstanding` : ""}`}
          meta={
            data.runs.requested === 0
              ? loose > 0
                ? "nothing here can prove what runs without the gate do"
                : "no run with the gate was in flight"
              : open > 0
                ? `not done until this reads ${data.runs.requested} of ${data.runs.requested}`
                : confirmedIn(data)
          }
          bar={<Bar label="Confirmed" done={data.runs.confirmed} of={data.runs.requested} />}
        />
      </div>
    </section>
  );
}

function confirmedIn(data: PropagationShape): string {
  const last = data.runs.confirmed_lag_ms.at(-1);
  return last === undefined ? "all of them" : `the last after ${duration(last / 1000, "prose")}`;
}

const Bar = ({ label, done, of }: { label: string; done: number; of: number }) =>
  of === 0 ? <div className={s.noBar} /> : <ProgressBar label={label} done={done} of={of} />;

function Step(props: { done?: boolean; title: string; figure: string; of: string; meta: string; bar: ReactNode }) {
  const Icon = props.done ? IconCircleCheck : IconProgress;
  return (
    <div className={s.step} data-open={!props.done || undefined}>
      <h2>
        <Icon size={15} className={s.icon} aria-hidden />
        {props.title}
      </h2>
      <p className={s.figure}>
        {props.figure} <small>{props.of}</small>
      </p>
      <p className={s.meta}>{props.meta}</p>
      {props.bar}
    </div>
  );
}
