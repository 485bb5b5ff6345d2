"use client";

import { Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { usePlace } from "../../frame/place";
import { sentenceQuery } from "../queries";
import s from "./rule.module.css";
import type { Draft } from "./rule-draft";
import type { Edit } from "./rule-fields";
import { sayDraft } from "./rule-words";

/** The same rule as text. The server reads it; what it does not understand is said, and the rule stays as it was. */
export function RuleText({ draft, set, locked, onBroken }: Edit & { onBroken: (broken: boolean) => void }) {
  const { slug } = usePlace().environment;
  const [text, setText] = useState(() => sayDraft(draft));
  const [asked] = useDebouncedValue(text, 350);
  const read = useQuery(sentenceQuery(slug, asked));
  const typed = useRef(false);
  const latest = useRef({ draft, set });
  useEffect(() => {
    latest.current = { draft, set };
  });
  const answer = asked === text ? read.data : undefined;
  useEffect(() => {
    if (!typed.current || !answer?.ok) return;
    typed.current = false;
    const { draft: now, set: put } = latest.current;
    put({ ...now, ...(answer.condition as Partial<Draft>) });
  }, [answer]);
  // What was typed and is not read yet must not be saved as what stood there before.
  const broken = answer === undefined || !answer.ok;
  const tell = useRef(onBroken);
  useEffect(() => {
    tell.current = onBroken;
  });
  useEffect(() => {
    tell.current(broken);
    return () => tell.current(false);
  }, [broken]);
  return (
    <div className={s.text}>
      <Textarea
        label="We would know from"
        description='A metric, "exceeding" and a number, "within" a time, and for whom: cost_usd exceeding 2 within 1 hour for agent triage-*'
        autosize
        minRows={2}
        maxLength={500}
        spellCheck={false}
        classNames={{ input: s.mono }}
        disabled={locked}
        value={text}
        onChange={(event) => {
          typed.current = true;
          setText(event.currentTarget.value);
        }}
        error={answer && !answer.ok ? answer.message : undefined}
      />
      <p className={s.readAs} aria-live="polite">
        {answer?.ok ? `Read as: ${answer.sentence}` : read.isError ? "The server could not be asked." : "\u00a0"}
      </p>
    </div>
  );
}
