"use client";

import { SegmentedControl, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { FormDialog } from "../../../tenancy/dialog";
import t from "../../../tenancy/tenancy.module.css";

type Kind = "there" | "none";
/** Something changed, or nothing and why. */
export function EitherDialog(props: {
  title: string;
  words: string;
  there: string;
  kind: Kind;
  onKind: (kind: Kind) => void;
  reason: string;
  onReason: (reason: string) => void;
  reasonError: string | undefined;
  ready: boolean;
  busy: boolean;
  error: string | undefined;
  size?: number;
  onClose: () => void;
  onSend: () => void;
  children: ReactNode;
}) {
  const { kind, reason } = props;
  return (
    <FormDialog
      opened
      size={props.size}
      onClose={props.onClose}
      title={props.title}
      submit="Save"
      disabled={kind === "none" ? reason.trim() === "" : !props.ready}
      busy={props.busy}
      error={props.error}
      onSubmit={(event) => {
        event.preventDefault();
        props.onSend();
      }}
    >
      <p className={t.words}>{props.words}</p>
      <SegmentedControl
        aria-label="Is there one?"
        value={kind}
        onChange={(value) => props.onKind(value === "none" ? "none" : "there")}
        data={[
          { value: "there", label: props.there },
          { value: "none", label: "None, with a reason" },
        ]}
      />
      {kind === "there" ? (
        props.children
      ) : (
        <Textarea
          label="Why there is none"
          autosize
          minRows={2}
          maxLength={1_000}
          value={reason}
          onChange={(event) => props.onReason(event.currentTarget.value)}
          error={props.reasonError}
        />
      )}
    </FormDialog>
  );
}

/** What either dialog keeps: whether there is one, and why not. */
export function useEither(none: string | undefined) {
  const [kind, onKind] = useState<Kind>(none === undefined ? "there" : "none");
  const [reason, onReason] = useState(none ?? "");
  return { kind, onKind, reason, onReason };
}
