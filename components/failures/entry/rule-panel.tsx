"use client";

import { SegmentedControl } from "@mantine/core";
import { IconCircleCheck, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { METRICS, type RuleShape } from "@/lib/detectors/schema";
import { Panel } from "../../kit/panel";
import { St } from "../../kit/status";
import { Mono } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import { ViewTabs } from "../../kit/view-tabs";
import { NEEDS_OWNER, NEEDS_WORDS } from "../words";
import s from "./rule.module.css";
import type { Draft } from "./rule-draft";
import { ArmButtons } from "./rule-fields";
import { RuleForm } from "./rule-form";
import { RuleText } from "./rule-text";
import { Slots } from "./slots";

const LOOKS = ["Sentence", "Text", "Form"] as const;
export const NEW_RULE = "new";

/** The sentence is the rule: as prose with slots, as text, and as a form. */
export function RulePanel(props: {
  rules: RuleShape[];
  chosen: string;
  onChoose: (slug: string) => void;
  saved: RuleShape | null;
  draft: Draft;
  set: (draft: Draft) => void;
  locked: boolean;
  /** What stands in the text is no rule yet. */
  onBroken: (broken: boolean) => void;
  error?: string;
}) {
  const { rules, chosen, onChoose, saved, draft, set, locked, onBroken, error } = props;
  const [look, setLook] = useState<(typeof LOOKS)[number]>("Sentence");
  const edit = { draft, set, locked };
  return (
    <section id="rule" className={s.anchor} aria-label="The rule">
      <Panel
        title="The rule"
        sub={saved ? <Mono>{saved.slug}</Mono> : "not written yet"}
        right={
          <span className={s.heads}>
            <ArmButtons {...edit} />
            <SegmentedControl
              size="xs"
              aria-label="Write it as"
              data={[...LOOKS]}
              value={look}
              onChange={(value) => setLook(LOOKS.find((each) => each === value) ?? "Sentence")}
            />
          </span>
        }
      >
        {rules.length > 0 && (
          <div className={s.rules}>
            <ViewTabs
              label="Rules of this entry"
              value={chosen}
              views={[
                ...rules.map((r) => ({ id: r.slug, label: r.name, count: r.state })),
                ...(locked ? [] : [{ id: NEW_RULE, label: "Another rule" }]),
              ]}
              onChange={onChoose}
            />
          </div>
        )}
        {look === "Sentence" && <Slots {...edit} />}
        {look === "Text" && <RuleText key={chosen} {...edit} onBroken={onBroken} />}
        {look === "Form" && <RuleForm {...edit} />}
        {error && (
          <p className={s.error} role="alert">
            {error}
          </p>
        )}
        <div className={s.mean}>
          <span>{METRICS[draft.metric].says}</span>
          {draft.exempt_tools.length > 0 && (
            <span>
              Exempt: <Mono>{draft.exempt_tools.join(", ")}</Mono>
            </span>
          )}
          {locked && <span>{NEEDS_OWNER} The slider below tries other thresholds all the same.</span>}
          <span className={s.data}>
            <Data saved={saved} draft={draft} />
          </span>
        </div>
      </Panel>
    </section>
  );
}

const WEEK = 7 * 86_400_000;
/** Whether anything comes that the rule could see. Of a draft about something else only the back-test tells. */
function Data({ saved, draft }: { saved: RuleShape | null; draft: Draft }) {
  const needs = METRICS[draft.metric].needs;
  const same =
    saved && METRICS[saved.metric].needs === needs && (saved.scope.agent_id ?? "") === (draft.scope.agent_id ?? "");
  const words = NEEDS_WORDS[needs];
  if (!same) return <>It needs {words}; the back-test tells whether they arrive.</>;
  if (saved.data_at === null)
    return (
      <St tone="warn" icon={<IconEyeOff size={14} aria-hidden />}>
        no {words} have ever arrived
      </St>
    );
  const old = Date.now() - Date.parse(saved.data_at) > WEEK;
  return old ? (
    <St tone="warn" icon={<IconEyeOff size={14} aria-hidden />}>
      no {words} since <RelativeTime at={saved.data_at} />
    </St>
  ) : (
    <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
      data arrives, <RelativeTime at={saved.data_at} />
    </St>
  );
}
