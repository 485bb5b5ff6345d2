"use client";

import { Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type IncidentDetail, type IncidentEffect, VERDICTS, type Verdict } from "@/lib/incidents/schema";
import { useAct } from "../../../frame/act";
import { usePlace } from "../../../frame/place";
import { KeyValue } from "../../../kit/panel";
import { Mono, TextLink } from "../../../kit/text";
import { ExactTime } from "../../../kit/time";
import { runHref } from "../../../runs/list/columns";
import { detailOf } from "../../../runs/problem";
import { FormDialog } from "../../../tenancy/dialog";
import t from "../../../tenancy/tenancy.module.css";
import { incidentQuery } from "../../queries";
import { VERDICTS as WORDS } from "../../words";
import s from "../detail.module.css";
import type { Dialog } from "../doing";

type Answer = { effect: IncidentEffect; total: number; validated: number; audit_row: number };

/** One write: what the ledger knows, what a person found where it was written. Then the next. */
export function TickDialog(props: Dialog & { effect: IncidentEffect; onNext: (effect: IncidentEffect) => void }) {
  const { of, onClose, effect, onNext } = props;
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const [verdict, setVerdict] = useState<Verdict | null>(effect.tick?.verdict ?? null);
  const [note, setNote] = useState(effect.tick?.note ?? "");
  const key = incidentQuery(slug, of.incident_id).queryKey;
  const send = useAct({
    topics: ["incidents"],
    run: (call, given: Verdict | null) =>
      call.post<Answer>(
        `/incidents/${encodeURIComponent(of.incident_id)}/effects/${encodeURIComponent(effect.effect_id)}`,
        { verdict: given, note: given === null ? null : note.trim() || null },
      ),
    said: (answer, given) =>
      given === null ? "The tick is taken back" : `${answer.validated} of ${answer.total} effects validated`,
    leave: (answer, given) => {
      const items = of.effects.items.map((e) => (e.effect_id === answer.effect.effect_id ? answer.effect : e));
      client.setQueryData(
        key,
        (old: IncidentDetail | undefined) =>
          old && { ...old, effects: { ...old.effects, total: answer.total, validated: answer.validated, items } },
      );
      const next = given === null ? undefined : items.find((e) => !e.validated);
      if (next) onNext(next);
      else onClose();
    },
  });
  const left = of.effects.total - of.effects.validated;
  return (
    <FormDialog
      opened
      size={600}
      onClose={onClose}
      title={`How is ${effect.tool}${effect.external_id ? ` ${effect.external_id}` : ""}?`}
      submit={
        verdict === null
          ? "Say how it is"
          : `${WORDS[verdict].word}${left > 1 && !effect.validated ? ", then the next" : ""}`
      }
      disabled={verdict === null}
      busy={send.isPending}
      error={detailOf(send.error)}
      onSubmit={(event) => {
        event.preventDefault();
        if (verdict) send.mutate(verdict);
      }}
    >
      <KeyValue
        items={[
          {
            term: "Ledger",
            value: (
              <>
                {effect.status.replace("_", " ")}, <ExactTime at={effect.settled_at ?? effect.claimed_at} />
              </>
            ),
          },
          {
            term: "Run",
            value: (
              <TextLink
                mono
                href={`${runHref(slug, effect.run_id)}?tab=effects&effect=${encodeURIComponent(effect.effect_id)}`}
              >
                {effect.run_id}
              </TextLink>
            ),
          },
          { term: "Tenant", value: effect.tenant_id ?? "–" },
          {
            term: "Compensation",
            value: effect.compensation ? <Mono>{effect.compensation.tool}</Mono> : "none is known",
          },
        ]}
      />
      {effect.args_preview && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={s.exact} aria-label="Arguments" tabIndex={0}>
          {effect.args_preview}
        </section>
      )}
      {effect.status === "unknown" && (
        <p className={t.words}>
          Nobody knows whether it happened: look where it would stand. To settle the ledger as well, open the run.
        </p>
      )}
      <fieldset className={s.choice}>
        <legend className={t.words}>Look where it was written, then say</legend>
        <div className={s.options}>
          {VERDICTS.map((each) => (
            <label key={each} className={s.option} data-on={verdict === each || undefined}>
              <input type="radio" name="verdict" checked={verdict === each} onChange={() => setVerdict(each)} />
              <b>{WORDS[each].word}</b>
              <small>{WORDS[each].what}</small>
            </label>
          ))}
        </div>
      </fieldset>
      <Textarea
        label="What you found"
        autosize
        minRows={2}
        maxLength={1_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {effect.tick && (
        <p className={t.words}>
          {effect.tick.by} said: {WORDS[effect.tick.verdict].word.toLowerCase()}.{" "}
          <button type="button" className={t.link} disabled={send.isPending} onClick={() => send.mutate(null)}>
            Take the tick back
          </button>
        </p>
      )}
    </FormDialog>
  );
}
