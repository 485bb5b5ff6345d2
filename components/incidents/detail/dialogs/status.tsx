"use client";

import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { elseOf, saidOf } from "../../../failures/entry/dialogs";
import { useAct } from "../../../frame/act";
import { usePlace } from "../../../frame/place";
import { counted, exactUtc } from "../../../kit/numbers";
import { detailOf } from "../../../runs/problem";
import { FormDialog } from "../../../tenancy/dialog";
import t from "../../../tenancy/tenancy.module.css";
import { incidentQuery } from "../../queries";
import { useChange } from "../../use-change";
import type { Dialog } from "../doing";

const WORDS = { open: "Open again", mitigated: "Mitigated", resolved: "Resolved" } as const;
const SAID = { open: "is open again", mitigated: "is mitigated", resolved: "is resolved" } as const;

export function StatusDialog({ of, onClose, to }: Dialog & { to: "open" | "mitigated" | "resolved" }) {
  const change = useChange(of, onClose);
  const known = of.stopped_at ?? of.evidence.stopped_at;
  const [at, setAt] = useState("");
  const { live, runs } = of.evidence;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`${WORDS[to]}: ${of.incident_id}`}
      submit={to === "open" ? "Open it again" : to === "mitigated" ? "It is mitigated" : "It is resolved"}
      busy={change.isPending}
      error={elseOf(change.error, ["stopped_at"])}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({
          change: { status: to, ...(at && to !== "open" ? { stopped_at: `${at}Z` } : {}) },
          said: `${of.incident_id} ${SAID[to]}`,
        });
      }}
    >
      {to === "open" && <p className={t.words}>It goes on after all. When it was stopped and resolved is forgotten.</p>}
      {to === "mitigated" && <p className={t.words}>Nothing more happens. What is left is to put right what did.</p>}
      {to === "resolved" && (
        <p className={t.words}>
          It is over. {of.alerts > 0 && "Its alerts are resolved with it, so that the next firing is one of its own. "}
          It closes once it has taught.
        </p>
      )}
      {to !== "open" && live > 0 && (
        <p className={t.error}>
          {counted(live, "run")} of {runs} still {live === 1 ? "goes" : "go"} on.
        </p>
      )}
      {to !== "open" && (
        <TextInput
          type="datetime-local"
          step={1}
          label="Stopped at, UTC"
          description={
            known
              ? `By the records at ${exactUtc(new Date(known))}${of.evidence.stopped_by ? `: ${of.evidence.stopped_by}` : ""}. Empty: that.`
              : "The records do not say. Empty: now."
          }
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
          error={saidOf(change.error, "stopped_at")}
        />
      )}
    </FormDialog>
  );
}

export function CloseDialog({ of, onClose }: Dialog) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const close = useAct<void, IncidentDetail & { audit_row: number }>({
    topics: ["incidents"],
    run: (call) => call.post(`/incidents/${encodeURIComponent(of.incident_id)}/close`),
    said: () => `${of.incident_id} is closed`,
    leave: ({ audit_row: _, ...after }) => {
      client.setQueryData(incidentQuery(slug, of.incident_id).queryKey, after);
      onClose();
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Close ${of.incident_id}`}
      submit="Close it"
      busy={close.isPending}
      error={detailOf(close.error)}
      onSubmit={(event) => {
        event.preventDefault();
        close.mutate();
      }}
    >
      <p className={t.words}>
        {of.entry && `The entry ${of.entry.name} gets what was beside what it foresaw. `}
        From then on it stands as it is: only notes are added.
        {of.recurrence_of && ` It stays marked as a recurrence of ${of.recurrence_of}.`}
      </p>
    </FormDialog>
  );
}
