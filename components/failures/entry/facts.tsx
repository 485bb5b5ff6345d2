"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { CategoryShape } from "@/lib/detectors/schema";
import type { FailureDetail } from "@/lib/failures/schema";
import { usePlace } from "../../frame/place";
import { money } from "../../kit/numbers";
import { KeyValue, Panel } from "../../kit/panel";
import { St, StopReason } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { Owner } from "../parts";
import { dayWords, LACK_WORDS, minutesWords, NEEDS_OWNER, REGIME_WORDS, TRIAGE_WORDS } from "../words";
import s from "./entry.module.css";

export type Editing = "entry" | "owner" | "triage" | "runbook" | "delete";

export function EntryFacts(props: {
  of: FailureDetail;
  category: CategoryShape | undefined;
  allowed: boolean;
  onEdit: (what: Editing) => void;
}) {
  const { of, category, allowed, onEdit } = props;
  const { slug } = usePlace().environment;
  const edit = (what: Editing, label: string, name: string) => (
    <Button
      size="xs"
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      aria-label={name}
      onClick={() => onEdit(what)}
    >
      {label}
    </Button>
  );
  const { prediction: p, triage, seen } = of;
  return (
    <section id="entry" className={s.anchor} aria-label="Entry">
      <Panel title="Entry" right={edit("entry", "Edit…", "Edit the entry")}>
        <KeyValue
          padded
          items={[
            {
              term: "Owner",
              value: (
                <span className={s.withAct}>
                  {of.owner || !allowed ? <Owner of={of.owner} /> : null}
                  {edit(
                    "owner",
                    of.owner ? "Change…" : "Name an owner…",
                    of.owner ? "Change the owner" : "Name an owner",
                  )}
                </span>
              ),
            },
            {
              term: "Triage",
              value: (
                <span className={s.withAct}>
                  <span>
                    {TRIAGE_WORDS[triage.when]}
                    {triage.review_at && (
                      <>
                        , review{" "}
                        {triage.overdue ? (
                          <St tone="warn" icon={<IconAlertTriangle size={13} aria-hidden />}>
                            due since {dayWords(triage.review_at)}
                          </St>
                        ) : (
                          <>on {dayWords(triage.review_at)}</>
                        )}
                      </>
                    )}
                    {triage.reason && <small className={s.why}>{triage.reason}</small>}
                  </span>
                  {edit(
                    "triage",
                    triage.overdue ? "Review…" : "Change…",
                    triage.overdue ? "Review the triage" : "Change the triage",
                  )}
                </span>
              ),
            },
            {
              term: "Seen",
              value: seen ? (
                <>
                  {dayWords(seen.at)}, {seen.where}
                  {seen.resolution && `: ${seen.resolution}`}
                </>
              ) : (
                <Dim>expected, never seen</Dim>
              ),
            },
            {
              term: "Category",
              value: (
                <TextLink href={`/${slug}/failures?tab=catalogue#${of.category}`}>
                  {category?.name ?? of.category}
                </TextLink>
              ),
            },
            { term: "Regime", value: REGIME_WORDS[of.regime] },
            { term: "Agents", value: of.agents.length === 0 ? "all" : <Mono>{of.agents.join(", ")}</Mono> },
            { term: "Symptom", value: of.symptom || <Dim>–</Dim> },
            { term: "Root cause", value: of.root_cause || <Dim>–</Dim> },
            { term: "Impact", value: of.impact || <Dim>–</Dim> },
            {
              term: "Prediction",
              value: (
                <>
                  {p.text || <Dim>–</Dim>}
                  <small className={s.why}>
                    {p.detect_minutes === null
                      ? "No time predicted"
                      : `We would know within ${minutesWords(p.detect_minutes)}`}
                    {p.cost_usd === null ? "" : `, at a cost of ${money(p.cost_usd)} a run`}
                    {p.impact ? `. ${p.impact}` : ""}
                  </small>
                </>
              ),
            },
            {
              term: "Stop reasons",
              value:
                of.stop_reasons.length === 0 ? (
                  <Dim>–</Dim>
                ) : (
                  <span className={s.reasons}>
                    {of.stop_reasons.map((reason) => (
                      <TextLink key={reason} plain href={`/${slug}/runs?stop_reason=${reason}`}>
                        <StopReason code={reason} />
                      </TextLink>
                    ))}
                  </span>
                ),
            },
            ...(of.missing.length > 0
              ? [
                  {
                    term: "Missing",
                    value: (
                      <St tone="warn" icon={<IconAlertTriangle size={13} aria-hidden />}>
                        {of.missing.map((lack) => LACK_WORDS[lack]).join(", ")}
                      </St>
                    ),
                  },
                ]
              : []),
            ...(category?.cannot_tell ? [{ term: "No rule sees", value: category.cannot_tell }] : []),
          ]}
        />
      </Panel>
    </section>
  );
}
