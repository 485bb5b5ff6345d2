"use client";

import { useQuery } from "@tanstack/react-query";
import type { CompoundShape, CompoundStep } from "@/lib/evaluations/schema";
import { usePlace } from "../frame/place";
import { counted, integer, percent } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { vars } from "../kit/vars";
import { LoadFailed } from "../runs/problem";
import s from "./compound.module.css";
import { COMPOUND_DAYS, compoundQuery } from "./queries";
import { factorWords } from "./words";

/** So many bars stand side by side; the rest is in the product, and said. */
const BARS = 10;
const TITLE = "Chance that a whole run succeeds";

/** The measured success of each step, multiplied, and the step that would give most. */
export function Compound({ agentId }: { agentId: string }) {
  const { slug } = usePlace().environment;
  const read = useQuery(compoundQuery(slug, agentId, COMPOUND_DAYS));
  if (read.isError && !read.data)
    return <LoadFailed what="The success of its steps" error={read.error} onRetry={() => void read.refetch()} />;
  if (!read.data) return <Loading what="the success of its steps" shape="panel" rows={4} />;
  const { runs, capped, chance } = read.data;
  return (
    <Panel
      title={TITLE}
      sub={
        chance === null
          ? undefined
          : `measured success of each step, multiplied; ${capped ? "the newest " : ""}${counted(runs, "run")} in ${COMPOUND_DAYS} days`
      }
      foot={chance === null ? undefined : <Foot of={read.data} />}
    >
      {chance === null ? (
        <p className={s.none}>
          {runs === 0
            ? `No run of it has ended in ${COMPOUND_DAYS} days.`
            : `None of its ${counted(runs, "ended run")} in ${COMPOUND_DAYS} days shows a tool call or a stage: send results of decisions, or spans.`}
        </p>
      ) : (
        <Steps of={read.data} chance={chance} />
      )}
    </Panel>
  );
}

/** Bars begin at the first of these that shows every step. */
const floorOf = (steps: CompoundStep[]): number =>
  [0.9, 0.5, 0].find((floor) => steps.every((step) => step.success >= floor)) ?? 0;

/** The costliest ones, in the order in which runs take them. */
function drawn(steps: CompoundStep[]): CompoundStep[] {
  const kept = new Set([...steps].sort((a, b) => a.factor - b.factor).slice(0, BARS));
  return steps.filter((step) => kept.has(step));
}

function Steps({ of, chance }: { of: CompoundShape; chance: number }) {
  const shown = drawn(of.steps);
  const floor = floorOf(shown);
  const height = (share: number) => `${(Math.max(0, share) / (1 - floor)) * 100}%`;
  const rest = of.steps.filter((step) => !shown.includes(step)).reduce((product, step) => product * step.factor, 1);
  return (
    <>
      <ul className={s.steps} aria-label="Success of each step">
        {shown.map((step) => (
          <li key={`${step.kind} ${step.step}`} data-hot={step.step === of.costliest?.step || undefined}>
            <div
              className={s.bar}
              style={vars({ "--h": height(step.success - floor), "--d": height(1 - step.success) })}
              aria-hidden
            >
              <i />
              <u />
            </div>
            <span title={`${step.kind} ${step.step}`}>{step.step}</span>
            <b>{percent(step.success)}</b>
            <small>{counted(step.calls, "time")}</small>
          </li>
        ))}
      </ul>
      <div className={s.product}>
        <b>{percent(chance)}</b>
        <span>
          ={" "}
          {shown.map((step, n) => {
            const words = factorWords(step.success, step.per_run);
            return (
              <span key={`${step.kind} ${step.step}`}>
                {n > 0 && " × "}
                {step.step === of.costliest?.step ? <em>{words}</em> : words}
              </span>
            );
          })}
          {of.steps.length > shown.length &&
            ` × ${rest.toFixed(3)} of ${counted(of.steps.length - shown.length, "other step")}`}
          {of.end_to_end !== null && `; measured end to end ${percent(of.end_to_end)}`}
        </span>
      </div>
      <details className={s.how}>
        <summary>How it is counted</summary>
        <p>
          Looked at are runs that ended, at most the newest 2,000, without those that a person or a switch ended. A step
          is a tool, or a stage that model calls name. Its success is the share of its calls without an error, a
          time-out or an output that was not as declared, by the results of decisions, or by spans where a run asked for
          none. The power is how often a run takes the step on average. The product takes steps to fail independently,
          and knows no retry that mends a failure: then the measured end-to-end share is the higher of the two.
          {of.steps_per_run !== null && ` A run takes ${integer(of.steps_per_run)} steps, as the median.`}
        </p>
      </details>
    </>
  );
}

function Foot({ of }: { of: CompoundShape }) {
  const { costliest, steps } = of;
  const floor = floorOf(drawn(steps));
  const step = steps.find((each) => each.step === costliest?.step);
  return (
    <div className={s.foot}>
      <span>
        {costliest && step ? (
          <>
            <b>{costliest.step} costs most:</b> {costliest.at === 1 ? "without its errors" : "at 99 %"} the whole would
            be {percent(costliest.chance)}. Of its {counted(step.failed, "failure")}:{" "}
            {step.reasons.map((r) => `${r.reason} ${percent(r.calls / step.failed)}`).join(", ")}.
          </>
        ) : (
          "No step has failed."
        )}
      </span>
      <span>bars begin at {Math.round(floor * 100)} %</span>
    </div>
  );
}
