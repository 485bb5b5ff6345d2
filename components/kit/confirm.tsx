"use client";

import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconHandStop } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import s from "./confirm.module.css";
import { KeyValue } from "./panel";

type Base = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** The server's answer is awaited. */
  busy?: boolean;
  /** What the server refused, in words. */
  error?: ReactNode;
};

export type ConfirmStopProps = Base & {
  /** What will happen, as counts: 41, "runs end with kill_switch, none can start". */
  counts: { count: number; text: ReactNode; id?: string }[];
  facts?: { term: string; value: ReactNode }[];
  /** Must be typed exactly; left out for less than an environment. */
  typeName?: string;
  /** Repeats the number: "Stop 41 runs now". */
  confirmLabel: string;
  /** Red is only for stopping; `warn` for what pauses or narrows. */
  tone?: "stop" | "warn";
  onConfirm: () => void;
};

/** The last step before something stops: counts, facts, the name to type, and a red button that repeats the number. */
export function ConfirmStop(props: ConfirmStopProps) {
  return (
    <Dialog {...props} tone={props.tone ?? "stop"}>
      {props.opened && <StopForm {...props} />}
    </Dialog>
  );
}

function StopForm(props: ConfirmStopProps) {
  const { counts, facts, typeName, confirmLabel, tone = "stop", onConfirm, onClose, busy, error } = props;
  const [typed, setTyped] = useState("");
  const ready = typeName === undefined || typed.trim() === typeName;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !busy) onConfirm();
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className={s.body}>
        <ul className={s.counts}>
          {counts.map((each) => (
            <li key={each.id ?? (typeof each.text === "string" ? each.text : each.count)}>
              <b>{each.count.toLocaleString("en-US")}</b>
              <span>{each.text}</span>
            </li>
          ))}
        </ul>
        {facts && facts.length > 0 && <KeyValue items={facts} />}
        {typeName !== undefined && (
          <TextInput
            data-autofocus
            label={
              <>
                Type <b className={s.strong}>{typeName}</b> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            size="lg"
          />
        )}
        {error && (
          <p className={s.error} role="alert">
            {error}
          </p>
        )}
      </div>
      <div className={s.foot}>
        <Button size="lg" onClick={onClose} data-autofocus={typeName === undefined || undefined}>
          Cancel
        </Button>
        <Button
          type="submit"
          size="lg"
          variant="filled"
          color={tone === "stop" ? "red" : undefined}
          className={s.stop}
          disabled={!ready}
          loading={busy}
          leftSection={tone === "stop" ? <IconHandStop size={18} aria-hidden /> : undefined}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}

export type ConfirmReasonProps = Base & {
  children?: ReactNode;
  facts?: { term: string; value: ReactNode }[];
  /** Amber head for what widens or overrides; plain for the rest. Red stays for stopping. */
  tone?: "plain" | "warn";
  reasonLabel?: string;
  reasonHint?: string;
  minLength?: number;
  confirmLabel: string;
  /** Red button, as for revoking a key. */
  destructive?: boolean;
  onConfirm: (reason: string) => void;
};

/** An act that needs a reason: release, revoke, cancel. The reason goes to the audit row as it is typed. */
export function ConfirmReason(props: ConfirmReasonProps) {
  return (
    <Dialog {...props} tone={props.tone ?? "plain"}>
      {props.opened && <ReasonForm {...props} />}
    </Dialog>
  );
}

function ReasonForm(props: ConfirmReasonProps) {
  const {
    children,
    facts,
    reasonLabel = "Why",
    reasonHint = "Required. Everyone sees it in the audit.",
    minLength = 3,
    confirmLabel,
    destructive,
    onConfirm,
    onClose,
    busy,
    error,
  } = props;
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const given = reason.trim().length >= minLength;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (given && !busy) onConfirm(reason.trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className={s.body}>
        {children && <div className={s.words}>{children}</div>}
        {facts && facts.length > 0 && <KeyValue items={facts} />}
        <Textarea
          data-autofocus
          label={reasonLabel}
          description={reasonHint}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && !given ? "Say in a few words why" : undefined}
          required
          withAsterisk={false}
          minRows={2}
          autosize
        />
        {error && (
          <p className={s.error} role="alert">
            {error}
          </p>
        )}
      </div>
      <div className={s.foot}>
        <Button size="lg" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" size="lg" variant="filled" color={destructive ? "red" : undefined} loading={busy}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}

function Dialog({
  opened,
  onClose,
  title,
  busy,
  tone,
  children,
}: Base & { tone: "stop" | "plain" | "warn"; children: ReactNode }) {
  const Icon = tone === "stop" ? IconHandStop : tone === "warn" ? IconAlertTriangle : null;
  return (
    <Modal.Root opened={opened} onClose={busy ? () => undefined : onClose} size={520} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={s.head} data-tone={tone}>
          {Icon && <Icon size={24} aria-hidden />}
          <Modal.Title className={s.title}>{title}</Modal.Title>
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
