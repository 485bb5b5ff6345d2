"use client";

import type { DrillShape } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { ProgressBar } from "../../kit/meter";
import { clockUtc, counted } from "../../kit/numbers";
import { Strong, TextLink } from "../../kit/text";
import s from "./drills.module.css";
import { Outcome } from "./outcome";

/** A drill that runs now: requested → seen → confirmed, and who is still open by name. */
export function Running({ drill }: { drill: DrillShape }) {
  const { slug } = usePlace().environment;
  const { instances, runs, laggards } = drill;
  const steps = [
    {
      name: "Requested",
      done: 1,
      of: 1,
      said: [
        ...(instances.connected > 0 ? [counted(instances.connected, "instance")] : []),
        ...(runs.requested > 0 ? [counted(runs.requested, "run")] : []),
      ].join(", "),
    },
    { name: "Seen", done: instances.seen, of: instances.connected, said: ratio(instances.seen, instances.connected) },
    {
      name: "Confirmed",
      done: instances.confirmed + runs.confirmed,
      of: instances.connected + runs.requested,
      said: ratio(instances.confirmed + runs.confirmed, instances.connected + runs.requested),
    },
  ];
  return (
    <div className={s.running} role="status" aria-label={`Drill of ${drill.agent_id}`}>
      <p>
        <Outcome of="running" /> <Strong>{drill.agent_id}</Strong> is stopped for real, at most until{" "}
        {clockUtc(new Date(drill.deadline_at))} UTC.{" "}
        {drill.switch_id && <TextLink href={`/${slug}/controls/${drill.switch_id}`}>Who obeyed</TextLink>}
      </p>
      <dl className={s.steps}>
        {steps.map((step) => (
          <div key={step.name}>
            <dt>{step.name}</dt>
            <dd>
              {step.of > 0 && <ProgressBar label={step.name} done={step.done} of={step.of} />}
              <span className={s.meta}>{step.said}</span>
            </dd>
          </div>
        ))}
      </dl>
      {laggards.length > 0 && <p className={s.meta}>Still open: {laggards.join(", ")}</p>}
    </div>
  );
}

const ratio = (done: number, of: number): string => (of === 0 ? "–" : `${done} of ${of}`);
