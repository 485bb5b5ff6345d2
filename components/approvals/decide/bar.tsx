"use client";

import { Autocomplete, Button } from "@mantine/core";
import { IconBan, IconCheck } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { K } from "../../kit/kbd";
import { useKeys } from "../../kit/use-keys";
import { SaidLine } from "../said";
import s from "./bar.module.css";
import type { Verdict } from "./reasons";

type Props = {
  approve: string;
  deny: string;
  /** Reasons to take, for the verdict that is about to be given. */
  offer: (verdict: Verdict | null) => string[];
  busy: Verdict | null;
  /** The arguments are not on the screen yet: nobody answers for what they cannot see. */
  waiting: boolean;
  error?: ReactNode;
  onSend: (verdict: Verdict, reason: string) => void;
  /** Where focus goes when the field is left, so that single keys act again. */
  onLeave: () => void;
  /** A batch is also answered by A and D. */
  batch?: boolean;
};

/** `a` and `d` send what stands in the field; where nothing does, they ask for it, and Enter sends. */
export function DecisionBar(props: Props) {
  const { approve, deny, offer, busy, waiting, error, onSend, onLeave, batch } = props;
  const field = useRef<HTMLInputElement>(null);
  const [reason, setReason] = useState("");
  const [armed, setArmed] = useState<Verdict | null>(null);
  const given = reason.trim();
  const held = busy !== null || waiting;

  const act = (verdict: Verdict) => {
    if (held) return;
    if (given) return onSend(verdict, given);
    setArmed(verdict);
    field.current?.focus();
  };
  const leave = () => {
    setArmed(null);
    onLeave();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!given || held) return;
    if (armed) onSend(armed, given);
    else leave();
  };
  const both = { a: () => act("approve"), d: () => act("deny"), r: () => field.current?.focus() };
  useKeys(batch ? { ...both, A: both.a, D: both.d } : both);

  const hint = armed
    ? `Say why (↓ offers some). Enter ${armed === "approve" ? "approves" : "denies"}.`
    : "Why? It stands in the audit.";
  return (
    <form className={s.bar} onSubmit={submit} aria-label="Decision">
      <SaidLine />
      {error && (
        <p className={s.error} role="alert">
          {error}
        </p>
      )}
      <Autocomplete
        ref={field}
        className={s.reason}
        size="lg"
        aria-label={armed ? `Reason to ${armed}` : "Reason"}
        placeholder={hint}
        value={reason}
        onChange={setReason}
        data={offer(armed)}
        maxLength={1000}
        autoComplete="off"
        classNames={{ option: s.option }}
        comboboxProps={{ position: "top-start", withinPortal: true }}
        rightSection={
          <span className={s.key} aria-hidden>
            <K>{armed ? "↵" : "r"}</K>
          </span>
        }
        onKeyDown={(event) => {
          if (event.key === "Escape") leave();
        }}
        onBlur={() => setArmed(null)}
      />
      <Button
        className={s.deny}
        size="lg"
        variant="outline"
        color="red"
        data-armed={armed === "deny" || undefined}
        leftSection={<IconBan size={17} aria-hidden />}
        rightSection={<Key of="d" />}
        loading={busy === "deny"}
        disabled={held && busy !== "deny"}
        // before the field's blur forgets which verdict was asked for
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => act("deny")}
      >
        {deny}
      </Button>
      <Button
        className={s.approve}
        size="lg"
        variant="filled"
        data-armed={armed === "approve" || undefined}
        leftSection={<IconCheck size={17} aria-hidden />}
        rightSection={<Key of="a" />}
        loading={busy === "approve"}
        disabled={held && busy !== "approve"}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => act("approve")}
      >
        {approve}
      </Button>
    </form>
  );
}

const Key = ({ of }: { of: string }) => (
  <span className={s.key} aria-hidden>
    <K>{of}</K>
  </span>
);
