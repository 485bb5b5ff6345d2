"use client";

import { Button, TextInput } from "@mantine/core";
import { IconCheck, IconCircleCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { AlertDetail } from "@/lib/alerts/schema";
import { useAct } from "../../frame/act";
import { usePlace } from "../../frame/place";
import { K } from "../../kit/kbd";
import { useKeys } from "../../kit/use-keys";
import { wordsOf } from "../../runs/problem";
import { alertQuery } from "../queries";
import { NEEDS_OPERATOR, titleOf } from "../words";
import s from "./bar.module.css";

type Act = "acknowledge" | "resolve";
const WORD: Record<Act, string> = { acknowledge: "acknowledged", resolve: "resolved" };

/** `e` says that somebody has it; a resolution says why it is over. */
export function AnswerBar({ of, onLeave }: { of: AlertDetail; onLeave: () => void }) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const given = text.trim();
  const send = useAct({
    topics: ["alerts"],
    run: (call, act: Act) =>
      call.post<AlertDetail & { audit_row: number }>(
        `/alerts/${encodeURIComponent(of.alert_id)}/${act}`,
        act === "resolve" ? { reason: given } : given ? { note: given } : {},
      ),
    said: (_, act) => `${titleOf(of)}: ${WORD[act]}`,
    leave: ({ audit_row: _, ...rest }) => {
      client.setQueryData(alertQuery(slug, of.alert_id).queryKey, { ...of, ...rest });
      setText("");
      setAsked(false);
      onLeave();
    },
  });
  const allowed = may["alerts.write"] === true;
  const acknowledge = () => allowed && of.state === "open" && !send.isPending && send.mutate("acknowledge");
  const resolve = () => {
    if (!allowed || send.isPending) return;
    if (given) return send.mutate("resolve");
    setAsked(true);
    field.current?.focus();
  };
  useKeys({ e: acknowledge, r: () => field.current?.focus() });
  if (of.state === "resolved") return null;
  if (!allowed)
    return (
      <div className={s.closed}>
        <b>You look on.</b> {NEEDS_OPERATOR}
      </div>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked) resolve();
    else if (of.state === "open") acknowledge();
  };
  return (
    <form className={s.bar} onSubmit={submit} aria-label="Answer">
      {send.isError && (
        <p className={s.error} role="alert">
          {wordsOf(send.error)}
        </p>
      )}
      <TextInput
        ref={field}
        className={s.text}
        size="lg"
        aria-label={asked ? "Why it is over" : "Note"}
        placeholder={asked ? "Why is it over? Enter resolves." : "A note, or why it is over"}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={1000}
        autoComplete="off"
        rightSection={
          <span className={s.key} aria-hidden>
            <K>r</K>
          </span>
        }
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setAsked(false);
          onLeave();
        }}
      />
      <Button
        size="lg"
        variant={of.state === "open" ? "default" : "filled"}
        data-armed={asked || undefined}
        leftSection={<IconCircleCheck size={16} aria-hidden />}
        loading={send.isPending && send.variables === "resolve"}
        onClick={resolve}
      >
        Resolve{given ? "" : "…"}
      </Button>
      {of.state === "open" && (
        <Button
          className={s.accent}
          size="lg"
          variant="filled"
          leftSection={<IconCheck size={17} aria-hidden />}
          rightSection={
            <span className={s.key} aria-hidden>
              <K>e</K>
            </span>
          }
          loading={send.isPending && send.variables === "acknowledge"}
          onClick={acknowledge}
        >
          Acknowledge
        </Button>
      )}
    </form>
  );
}
