"use client";

import { IconCircleCheck, IconProgress, IconQuestionMark } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { PropagationShape, SwitchShape } from "@/lib/controls/schema";
import type { RunShape } from "@/lib/runs/schema";
import { propagationQuery, stateQuery, switchesQuery } from "../../controls/queries";
import { usePlace } from "../../frame/place";
import { ModePill } from "../../kit/mode-pill";
import { duration } from "../../kit/numbers";
import { TextLink } from "../../kit/text";
import { ExactTime, RelativeTime } from "../../kit/time";
import s from "./detail.module.css";

/** A stop of this very run: requested, seen, confirmed, each with what was measured. */
export function StopProgress({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  const { data: state } = useQuery(stateQuery(slug));
  const own = (each: SwitchShape) => each.scope.kind === "run" && each.scope.key === run.run_id;
  const active = state?.switches.find(own);
  // A run's own switch is let go when the run has ended: what was measured is still worth reading.
  const past = useQuery({ ...switchesQuery(slug, null), enabled: !active && run.stop_reason === "kill_switch" });
  const set = active ?? (run.stop_reason === "kill_switch" ? past.data?.items.find(own) : undefined);
  return set ? <Progress slug={slug} run={run} set={set} /> : null;
}

function Progress({ slug, run, set }: { slug: string; run: RunShape; set: SwitchShape }) {
  const ended = run.status !== "running" && run.status !== "waiting" && run.status !== "lost";
  const { data } = useQuery({ ...propagationQuery(slug, set.switch_id), refetchInterval: ended ? false : 2_000 });
  const unconfirmable = data?.runs.unconfirmable.some((each) => each.run_id === run.run_id) ?? run.gate !== "enforced";
  const mode = set.mode === "stop";
  return (
    <section className={s.stop} aria-label="Stop of this run" aria-live="polite">
      <div className={s.stopTop}>
        <ModePill mode={set.mode} stopping={mode && !ended} />
        <p>
          “{set.reason}”, {set.set_by_name}, <RelativeTime at={set.set_at} />.{" "}
          <TextLink href={`/${slug}/controls/${set.switch_id}`}>Open the switch</TextLink>
        </p>
      </div>
      {unconfirmable ? (
        <p className={s.unsure}>
          <IconQuestionMark size={15} aria-hidden />
          <span>
            <b>It cannot be confirmed.</b> This run came by OpenTelemetry without the gate: its agent stops only when it
            next asks, and nothing here can hold its calls. Look at the agent itself.
          </span>
        </p>
      ) : (
        <Steps run={run} set={set} data={data} ended={ended} />
      )}
    </section>
  );
}

function Steps(props: { run: RunShape; set: SwitchShape; data: PropagationShape | undefined; ended: boolean }) {
  const { run, set, data, ended } = props;
  const own = data?.instances.find((each) => each.instance_id === run.instance_id);
  const out = data?.runs.outstanding.find((each) => each.run_id === run.run_id);
  const seen = (own?.seen_at ?? null) !== null || ended;
  const endedLag = ended && run.ended_at ? Math.max(0, Date.parse(run.ended_at) - Date.parse(set.set_at)) : null;
  return (
    <ol className={s.steps}>
      <Step done word="Requested">
        <ExactTime at={set.set_at} /> UTC
      </Step>
      <Step done={seen} word="Seen">
        {own?.lag_ms !== null && own?.lag_ms !== undefined
          ? `${own.instance_id}, ${duration(own.lag_ms / 1000)} after`
          : seen
            ? "its instance did not name itself"
            : out?.state === "lost"
              ? "lost: its instance is not heard"
              : "waiting for its instance"}
      </Step>
      <Step done={ended} word="Confirmed">
        {endedLag !== null ? `ended ${duration(endedLag / 1000)} after the request` : "not until the run has ended"}
      </Step>
    </ol>
  );
}

function Step({ done, word, children }: { done: boolean; word: string; children: ReactNode }) {
  const Icon = done ? IconCircleCheck : IconProgress;
  return (
    <li data-done={done || undefined}>
      <Icon size={15} aria-hidden />
      <b>{word}</b>
      <span className="il-sr">{done ? " done: " : " open: "}</span>
      <span>{children}</span>
    </li>
  );
}
