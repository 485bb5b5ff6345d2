"use client";

import { IconEye } from "@tabler/icons-react";
import type { Decision } from "@/lib/decisions/schema";
import { usePlace } from "../frame/place";
import { Note } from "../kit/note";
import { StopReason, Tag } from "../kit/status";
import { Dim, Mono, TextLink } from "../kit/text";
import { ruleHref } from "../policies/words";
import s from "./decisions.module.css";
import { OutcomeTag } from "./outcome";
import { limitWords, remainingWords } from "./words";

/** Policy, version and rule, linked to the line that said it. */
export function RuleLink({ policy }: { policy: Decision["policy"] }) {
  const { slug } = usePlace().environment;
  // version 0 is a text that nobody saved
  if (policy.version === 0)
    return (
      <>
        this text <Mono>{policy.rule ?? ""}</Mono>
      </>
    );
  if (policy.id === null) return policy.rule ? <Mono>{policy.rule}</Mono> : <Dim>no document</Dim>;
  return (
    <>
      <TextLink href={ruleHref(slug, policy.id, policy.version, policy.rule)}>
        {policy.id}
        {policy.version !== null && ` version ${policy.version}`}
      </TextLink>
      {policy.rule && (
        <>
          {" "}
          <Mono>{policy.rule}</Mono>
        </>
      )}
    </>
  );
}

export function ModeTag({ mode }: { mode: Decision["mode"] }) {
  if (mode === "enforce") return <Tag tone="good">enforce</Tag>;
  return (
    <Tag tone="bad" icon={<IconEye size={12} aria-hidden />} title="Decided and recorded; nothing was blocked">
      observe
    </Tag>
  );
}

/** What the gate says, in one look: outcome, code, stop reason, the one message for people. */
export function AnswerHead({ answer }: { answer: Decision }) {
  return (
    <div className={s.answer}>
      <p className={s.verdict}>
        <OutcomeTag outcome={answer.outcome} />
        {answer.code !== answer.stop_reason && <Mono>{answer.code}</Mono>}
        {answer.stop_reason && <StopReason code={answer.stop_reason} />}
      </p>
      <p className={s.message}>{answer.message}</p>
    </div>
  );
}

/** What a document in observe would have said, where that is something else. */
export function Would({ answer, past }: { answer: Decision; past?: boolean }) {
  const { would } = answer;
  if (!would) return null;
  return (
    <Note flat tone="bad" icon={<IconEye size={17} aria-hidden />}>
      <b>In observe:</b> {would.policy ? <RuleLink policy={{ ...would.policy, rule: null }} /> : "another document"}{" "}
      {past ? "would have said" : "would say"} <OutcomeTag outcome={would.outcome} /> <Mono>{would.code}</Mono>.{" "}
      {would.message}
    </Note>
  );
}

/** Facts of an answer that every view of it shows. */
export const answerFacts = (answer: Decision, past: boolean) => [
  { term: "Rule", value: <RuleLink policy={answer.policy} /> },
  { term: "Mode", value: <ModeTag mode={answer.mode} /> },
  { term: past ? "Was left" : "Is left", value: remainingWords(answer.remaining) },
  ...(answer.outcome === "allow" ? [{ term: "Limits", value: limitWords(answer) }] : []),
  ...(answer.retry_after_ms === null
    ? []
    : [{ term: "Ask again", value: `after ${Math.ceil(answer.retry_after_ms / 1000)} s` }]),
];
