"use client";

import { IconArrowRight } from "@tabler/icons-react";
import type { DryRunShape } from "@/lib/decisions/schema";
import { OutcomeTag } from "../decisions/outcome";
import { usePlace } from "../frame/place";
import { counted, integer, percent, shorten } from "../kit/numbers";
import { StopReason } from "../kit/status";
import { STOP_REASON_CODES } from "../kit/stop-reasons";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import s from "./policies.module.css";

type Group = DryRunShape["groups"][number];
const calm = (outcome: Group["to"]["outcome"]) => outcome === "allow" || outcome === "replay";

/** What would differ, in one line: "214 of 486,120 decisions would differ". */
export function dryRunWords(run: DryRunShape): string {
  if (run.decisions === 0) return "no decision to judge yet";
  return `${integer(run.differ)} of ${counted(run.decisions, "decision")} would differ`;
}

/** Small shares are what is looked for here: "0.044 %". */
const share = (fraction: number): string =>
  fraction > 0 && fraction < 0.01 ? `${(fraction * 100).toPrecision(2)} %` : percent(fraction);

const day = (iso: string): string =>
  new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** A code that is a stop reason too wears its square. */
function Code({ code }: { code: string }) {
  const known = STOP_REASON_CODES.some((reason) => reason === code);
  return known ? <StopReason code={code} /> : <Mono>{code}</Mono>;
}

export function DryRunHead({ run }: { run: DryRunShape }) {
  return (
    <p className={s.big}>
      {integer(run.differ)}{" "}
      <small>
        of {counted(run.decisions, "decision")} would differ
        {run.decisions > 0 && `, ${share(run.differ / run.decisions)}`}
      </small>
    </p>
  );
}

function tellOf(group: Group): string {
  const runs = counted(group.runs, "run");
  if (calm(group.to.outcome)) return `${runs}; what is refused today would be allowed`;
  const ended = group.succeeded === 0 ? "none had ended in success" : `${group.succeeded} had ended in success`;
  return `${runs}, ${ended}`;
}

/** One kind of difference; it opens its example calls. */
function GroupRow({ group }: { group: Group }) {
  const { slug } = usePlace().environment;
  const { from, to } = group;
  return (
    <li>
      <details className={s.group}>
        <summary>
          <span className={s.change}>
            <OutcomeTag outcome={from.outcome} />
            <IconArrowRight size={14} role="img" aria-label="becomes" />
            <OutcomeTag outcome={to.outcome} />
            <Code code={calm(to.outcome) ? from.code : to.code} />
          </span>
          <b>{integer(group.calls)}</b>
          <small>
            {tellOf(group)}. Rule <Mono>{group.rule}</Mono>
          </small>
        </summary>
        <div className={s.examples}>
          {group.tools.length > 0 && (
            <p>{group.tools.map(({ tool, calls }) => `${tool} ${integer(calls)}`).join(", ")}</p>
          )}
          <ul>
            {group.examples.map((example) => (
              <li key={example.decision_id}>
                <span>
                  <TextLink mono href={`/${slug}/runs/${encodeURIComponent(example.run_id)}`}>
                    {shorten(example.run_id, 4, 6)}
                  </TextLink>{" "}
                  {example.tool && <Mono>{example.tool}</Mono>}
                </span>
                <ExactTime at={example.at} />
                <small>{example.message}</small>
              </li>
            ))}
          </ul>
        </div>
      </details>
    </li>
  );
}

/** What would change, grouped; and that nothing was changed. */
export function DryRunGroups({ run }: { run: DryRunShape }) {
  const loosened = run.groups.some((group) => !calm(group.from.outcome) && calm(group.to.outcome));
  return (
    <>
      <DryRunHead run={run} />
      {run.decisions === 0 ? (
        <p className={s.quiet}>
          Nobody whom it binds has asked for a decision in this time. Once agents ask, this says call by call what a
          change would have done.
        </p>
      ) : (
        <ul className={s.groups}>
          {run.groups.map((group) => (
            <GroupRow
              key={`${group.from.outcome}${group.from.code}${group.to.outcome}${group.to.code}${group.rule}`}
              group={group}
            />
          ))}
          {run.groups.length === 0 && <li className={s.quiet}>Every call would be answered as it was.</li>}
          {run.groups.length > 0 && !loosened && (
            <li className={s.quiet}>Nothing that is refused today would be allowed.</li>
          )}
        </ul>
      )}
      {(run.unknown > 0 || run.truncated) && (
        <p className={s.quiet}>
          {run.unknown > 0 &&
            `Of ${counted(run.unknown, "decision")} it cannot be told: the arguments were too large to keep, or are redacted where a rule looks. `}
          {run.truncated && "Only the newest were judged; ask for a shorter time to see all."}
        </p>
      )}
    </>
  );
}

export const DryRunSpan = ({ run }: { run: DryRunShape }) => (
  <>
    {day(run.from)} to {day(run.to)}, nothing was changed
  </>
);
