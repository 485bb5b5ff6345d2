"use client";

import { Button, Textarea, TextInput } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { EffectShape } from "@/lib/decisions/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { CopyButton } from "../kit/copy";
import { shorten } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { St } from "../kit/status";
import { Meta, Mono } from "../kit/text";
import { Duration } from "../kit/time";
import { wordsOf } from "../runs/problem";
import s from "./run-tabs.module.css";

type Settled = EffectShape & { audit_row: number };

const OPTIONS = [
  { done: true, word: "Done", what: "It is there. A repeat is answered from the ledger." },
  { done: false, word: "Not done", what: "It is not. The claim is freed, the write may be asked again." },
] as const;

/** A person has looked whether it happened: what they found, and how they know. It approves nothing. */
export function Settle({ effect }: { effect: EffectShape }) {
  const { environment, person, may } = usePlace();
  const [done, setDone] = useState<boolean | null>(null);
  const [externalId, setExternalId] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const settle = useAct<void, Settled>({
    topics: ["decisions"],
    run: (call) =>
      call.post(`/effects/${encodeURIComponent(effect.effect_id)}/settle`, {
        done,
        ...(done && externalId.trim() ? { external_id: externalId.trim() } : {}),
        reason: reason.trim(),
      }),
    said: (answer) => `${effect.tool} is settled as ${answer.status.replace("_", " ")}`,
  });
  const allowed = may["effects.settle"] === true;
  const given = reason.trim().length >= 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (allowed && done !== null && given && !settle.isPending) settle.mutate();
  };
  const what = done === null ? "…" : ` as ${done ? "done" : "not done"}`;
  return (
    <Panel
      title="Settle this effect"
      sub={allowed ? `you, ${person.name}` : undefined}
      right={
        <St tone="warn" icon={<IconHourglass size={14} aria-hidden />} title="Since it was claimed">
          <Duration since={effect.claimed_at} form="prose" />
        </St>
      }
    >
      <form className={s.form} onSubmit={submit}>
        <div className={s.step}>
          <h3>1. Look downstream</h3>
          <p className={s.meta}>
            Find out{" "}
            {effect.connector && (
              <>
                in <Mono>{effect.connector}</Mono>{" "}
              </>
            )}
            whether this <Mono>{effect.tool}</Mono> is there. Search by its arguments, or by its key.{" "}
            <CopyButton text={effect.key} label="Copy the key" name="Idempotency key" />
          </p>
        </div>
        <fieldset className={s.step} disabled={!allowed}>
          <legend>2. Say how it is</legend>
          <div className={s.options}>
            {OPTIONS.map((option) => (
              <label key={option.word} className={s.option} data-on={done === option.done || undefined}>
                <input type="radio" name="done" checked={done === option.done} onChange={() => setDone(option.done)} />
                <b>{option.word}</b>
                <p>{option.what}</p>
              </label>
            ))}
          </div>
          {tried && done === null && <p className={s.failed}>Choose what you found</p>}
        </fieldset>
        {done === true && (
          <TextInput
            className={s.mono}
            label="External id"
            description="What it is called over there, if it has a name"
            value={externalId}
            onChange={(event) => setExternalId(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            maxLength={500}
          />
        )}
        <Textarea
          label="3. How do you know"
          description="Required. Everyone sees it in the audit."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && !given ? "Say in a few words what you looked at" : undefined}
          disabled={!allowed}
          minRows={2}
          autosize
        />
        {settle.error && (
          <p className={s.failed} role="alert">
            {wordsOf(settle.error)}
          </p>
        )}
        <Button type="submit" size="lg" variant="filled" disabled={!allowed} loading={settle.isPending}>
          Settle{what}
          {done && externalId.trim() ? `, ${shorten(externalId.trim(), 12, 6)}` : ""}
        </Button>
        <Meta>
          {allowed
            ? "Writes one audit row under your name. It approves nothing: a rule or a switch may still refuse the next attempt."
            : `It needs the role operator or admin in ${environment.name}.`}
        </Meta>
      </form>
    </Panel>
  );
}
