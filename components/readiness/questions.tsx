"use client";

import { IconCheck, IconQuestionMark, IconX } from "@tabler/icons-react";
import type { CheckShape, ReadinessShape } from "@/lib/readiness/schema";
import { usePlace } from "../frame/place";
import { Panel } from "../kit/panel";
import { Meta, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import s from "./gate.module.css";
import { StandingMark } from "./marks";
import { dayWords, type Standing, standingOf } from "./words";

const sumOf = (all: readonly CheckShape[]): string => {
  const n = (standing: Standing) => all.filter((c) => standingOf(c) === standing).length;
  return [
    `${n("met")} answered`,
    n("open") > 0 ? `${n("open")} not` : null,
    n("unknown") > 0 ? `${n("unknown")} not known` : null,
    n("waived") > 0 ? `${n("waived")} waived` : null,
  ]
    .filter(Boolean)
    .join(", ");
};

/** Yes, no, or not known: each with the evidence that says so. */
function Evidence({ of }: { of: CheckShape["evidence"][number] }) {
  const { slug } = usePlace().environment;
  const [Icon, word] =
    of.ok === true ? [IconCheck, "so"] : of.ok === false ? [IconX, "not so"] : [IconQuestionMark, "not known"];
  return (
    <li className={s.fact}>
      <Icon size={13} aria-hidden className={s.sign} data-ok={of.ok ?? "unknown"} />
      <span>
        <span className="il-sr">{word}: </span>
        {of.path ? (
          <TextLink href={`/${slug}${of.path}`} plain>
            {of.label}
          </TextLink>
        ) : (
          of.label
        )}
      </span>
    </li>
  );
}

export function Questions({ of }: { of: ReadinessShape }) {
  const { slug } = usePlace().environment;
  const all = of.checks.filter((c) => c.question !== null);
  return (
    <Panel
      title="Six questions"
      sub={sumOf(all)}
      right={
        <Meta>
          evidence as of <ExactTime at={of.as_of} />
        </Meta>
      }
    >
      <ol className={s.questions}>
        {all.map((c) => (
          <li key={c.check} className={s.question}>
            <span aria-hidden className={s.number}>
              {c.question}
            </span>
            <h3 className={s.title}>{c.title}</h3>
            <StandingMark of={standingOf(c)} />
            <div className={s.answer}>
              {c.waived && (
                <p>
                  Waived by {c.waived.by} until {dayWords(c.waived.until)}: “{c.waived.reason}”
                </p>
              )}
              <ul className={s.evidence}>
                {c.evidence.map((e) => (
                  <Evidence key={e.label} of={e} />
                ))}
              </ul>
              {c.mend && standingOf(c) !== "met" && (
                <TextLink href={`/${slug}${c.mend}`} label={`${c.mend_label}: ${c.title}`}>
                  {c.mend_label}
                </TextLink>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
