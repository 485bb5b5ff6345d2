"use client";

import { IconCircleCheck, IconClockPause, IconQuestionMark } from "@tabler/icons-react";
import type { StateShape, SwitchShape } from "@/lib/controls/schema";
import { usePlace } from "../frame/place";
import { ObedienceCells } from "../kit/meter";
import { ModePill } from "../kit/mode-pill";
import { counted, duration } from "../kit/numbers";
import { St } from "../kit/status";
import { Dim, Label, Meta, Strong, TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";
import s from "./overview.module.css";
import { placeName } from "./place-name";

const SHOWN = 3;
const CELLS = 240;

function sentence(state: StateShape): string {
  const { stopping } = state;
  switch (state.mode) {
    case "stop":
      return stopping
        ? `is stopping: ${stopping.confirmed} of ${counted(stopping.requested, "run")} confirmed.`
        : "is stopped. No run can start.";
    case "pause":
      return "is paused. Runs wait, none starts.";
    case "safe_mode":
      return "is in safe mode. Agents keep only the tools it leaves them.";
    case "run": {
      const n = state.switches.length;
      if (n === 0) return "is running. No switch is set.";
      return `is running. ${n === 1 ? "One switch narrows it." : `${n} switches narrow it.`}`;
    }
  }
}

/** Where the environment stands, which switches are set, and who acts on the newest revision. */
export function ControlBanner({ state }: { state: StateShape }) {
  const { environment } = usePlace();
  const base = `/${environment.slug}`;
  const rest = state.switches.length - SHOWN;
  return (
    <section className={s.banner} aria-label="Control state">
      <div className={s.state}>
        <div className={s.stateTop}>
          <ModePill mode={state.mode} stopping={state.stopping !== null} size="lg" />
          <p>
            <b>{placeName(environment)}</b> {sentence(state)}
          </p>
        </div>
        {state.switches.length > 0 && (
          <ul className={s.switches}>
            {state.switches.slice(0, SHOWN).map((each) => (
              <SwitchLine key={each.switch_id} each={each} base={base} />
            ))}
            {rest > 0 && (
              <li>
                <TextLink href={`${base}/controls`}>{`${counted(rest, "more switch", "more switches")}`}</TextLink>
              </li>
            )}
          </ul>
        )}
      </div>
      <Obeys state={state} base={base} />
    </section>
  );
}

function SwitchLine({ each, base }: { each: SwitchShape; base: string }) {
  const spreading = each.mode === "stop" && each.confirmed.runs < each.requested.runs;
  return (
    <li>
      <ModePill mode={each.mode} stopping={spreading} size="sm" />
      <span>
        {each.scope.kind.replace("_", " ")} <Strong>{each.scope.key}</Strong>
      </span>
      <Dim>“{each.reason}”</Dim>
      <Meta>
        {each.set_by_name}, <RelativeTime at={each.set_at} />
      </Meta>
      <span className={s.end}>
        <TextLink
          href={`${base}/controls/${encodeURIComponent(each.switch_id)}`}
          label={`Who obeys the switch on ${each.scope.kind.replace("_", " ")} ${each.scope.key ?? ""}`}
        >
          Who obeys
        </TextLink>
      </span>
    </li>
  );
}

const named = (list: { instance_id: string; silent_s: number }[]): string => {
  const shown = list.slice(0, 2).map((each) => `${each.instance_id}, ${duration(each.silent_s, "prose")}`);
  return `${shown.join("; ")}${list.length > 2 ? ` and ${list.length - 2} more` : ""}`;
};

function Obeys({ state, base }: { state: StateShape; base: string }) {
  const { seen, lagging, lost } = state.obedience;
  const total = seen + lagging.length + lost.length;
  const cells = [
    ...lost.map((each) => ({ id: each.instance_id, state: "lost" as const })),
    ...lagging.map((each) => ({ id: each.instance_id, state: "not_seen" as const })),
    ...Array.from({ length: seen }, (_, n) => ({ id: `instance ${n + 1}`, state: "seen" as const })),
  ];
  return (
    <div className={s.obey}>
      <div className={s.obeyTop}>
        <span title={`Revision ${state.revision}`}>
          <Label>Who obeys revision {state.revision % 10_000}</Label>
        </span>
        <TextLink href={`${base}/agents`}>Instances</TextLink>
      </div>
      {total === 0 ? (
        <Meta>No instance has asked for the control state in the last day. Until one does, a stop reaches nobody.</Meta>
      ) : (
        <>
          <ObedienceCells
            instances={cells.slice(0, CELLS).reverse()}
            label={`${counted(total, "instance")}, revision ${state.revision}`}
          />
          <div className={s.counts}>
            <St tone={seen > 0 ? "good" : "quiet"} icon={<IconCircleCheck size={14} aria-hidden />}>
              {seen} seen
            </St>
            {lagging.length > 0 && (
              <St tone="warn" icon={<IconClockPause size={14} aria-hidden />} className={s.long} title={named(lagging)}>
                {lagging.length} lagging: {named(lagging)}
              </St>
            )}
            {lost.length > 0 ? (
              <St icon={<IconQuestionMark size={14} aria-hidden />} className={s.long} title={named(lost)}>
                {lost.length} lost: {named(lost)}
              </St>
            ) : (
              <Dim>0 lost</Dim>
            )}
          </div>
        </>
      )}
    </div>
  );
}
