"use client";

import { Textarea } from "@mantine/core";
import { useState } from "react";
import type { ChannelShape } from "@/lib/notifications/schema";
import { KeyValue } from "../kit/panel";
import { wordsOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";
import { useDelete } from "./use-channel-act";
import { KIND_WORDS, placeOf, takesOf } from "./words";

export function DeleteChannel({ of, onClose }: { of: ChannelShape; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const act = useDelete(onClose);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Delete the channel ${of.name}`}
      submit={`Delete ${of.name}`}
      destructive
      busy={act.isPending}
      disabled={reason.trim() === ""}
      error={act.isError ? wordsOf(act.error) : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate({ of, reason: reason.trim() });
      }}
    >
      <p className={t.words}>
        Nobody is told by it any more; what still waits for it is given up. Its address and secret are gone for good.
        What it sent stays in the log.
      </p>
      <KeyValue
        items={[
          { term: "Kind", value: KIND_WORDS[of.kind].label },
          { term: "Leads to", value: placeOf(of) },
          { term: "Gets", value: takesOf(of) },
        ]}
      />
      <Textarea
        label="Why"
        description="It stands in the audit."
        required
        autosize
        minRows={2}
        maxLength={1_000}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
