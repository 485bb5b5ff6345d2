"use client";

import { Checkbox, Select, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { StateShape } from "@/lib/controls/schema";
import type { KeyShape } from "@/lib/tenancy/schema";
import { ApiProblem } from "../api";
import { curlRun, otelVariables } from "../connect/snippets";
import { useOrigin } from "../connect/use-origin";
import { useAct } from "../frame/act";
import { CodeBlock } from "../kit/code";
import { CopyButton } from "../kit/copy";
import { ViewTabs } from "../kit/view-tabs";
import { detailOf } from "../runs/problem";
import { Described, FormDialog, Once } from "./dialog";
import s from "./tenancy.module.css";
import { SCOPES, type Scope } from "./words";

const ENDS = [
  { value: "", label: "never" },
  { value: "1", label: "in 24 h" },
  { value: "7", label: "in 7 days" },
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
];
const DAY_MS = 86_400_000;

export type MadeKey = { key_id: string; key: string; name: string; scopes: Scope[] };

export function NewKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return opened ? <NewKey onClose={onClose} /> : null;
}

function NewKey({ onClose }: { onClose: () => void }) {
  const form = useForm<{ name: string; scopes: Scope[]; agent_ids: string[]; tenant_ids: string[]; ends: string }>({
    initialValues: { name: "", scopes: ["agent", "ingest"], agent_ids: [], tenant_ids: [], ends: "" },
    validate: { scopes: (scopes) => (scopes.length === 0 ? "At least one scope." : null) },
  });
  const make = useAct<typeof form.values, MadeKey & { audit_row: number }>({
    topics: ["settings"],
    run: (call, { ends, ...values }) =>
      call.post("/keys", {
        ...values,
        ...(ends ? { expires_at: new Date(Date.now() + Number(ends) * DAY_MS).toISOString() } : {}),
      }),
  });
  if (make.data) return <KeyOnce made={make.data} onClose={onClose} />;
  const submit = form.onSubmit((values) =>
    make.mutate(values, {
      onError: (error) => {
        if (error instanceof ApiProblem)
          form.setErrors(Object.fromEntries(error.errors.map((e) => [e.path, e.message])));
      },
    }),
  );
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="New key"
      submit="Make the key"
      onSubmit={submit}
      busy={make.isPending}
      error={detailOf(make.error)}
      size={560}
    >
      <TextInput
        label="Name"
        description="Who will use it: “triage-bot-prod”, “otel-collector”."
        required
        data-autofocus
        autoComplete="off"
        maxLength={60}
        {...form.getInputProps("name")}
      />
      <Checkbox.Group
        label="Scopes"
        {...form.getInputProps("scopes")}
        onChange={(next) =>
          form.setFieldValue(
            "scopes",
            SCOPES.flatMap((each) => (next.includes(each.value) ? [each.value] : [])),
          )
        }
      >
        <div className={s.choices}>
          {SCOPES.map(({ value, what }) => (
            <Checkbox key={value} value={value} label={<Described name={value} what={what} />} />
          ))}
        </div>
      </Checkbox.Group>
      <TagsInput
        label="Bound to agents"
        description="Names, * for any characters; Enter after each. Empty: any agent."
        {...form.getInputProps("agent_ids")}
      />
      <TagsInput
        label="Bound to tenants"
        description="The same for tenants. Empty: any tenant."
        {...form.getInputProps("tenant_ids")}
      />
      <Select
        label="Ends"
        data={ENDS}
        allowDeselect={false}
        value={form.values.ends}
        onChange={(value) => form.setFieldValue("ends", value ?? "")}
      />
    </FormDialog>
  );
}

/** The key, once, with the two ways to use it. */
function KeyOnce({ made, onClose }: { made: MadeKey; onClose: () => void }) {
  const origin = useOrigin();
  const [tab, setTab] = useState("otel");
  const code = tab === "otel" ? otelVariables({ origin, key: made.key }) : curlRun({ origin, key: made.key });
  return (
    <FormDialog opened hold onClose={onClose} title={`Key ${made.name} is made`} closeLabel="I have kept it" size={680}>
      <Once
        what="The key"
        secret={made.key}
        action={<CopyButton text={made.key} label="Copy key" name="Key" size="sm" primary />}
      />
      <ViewTabs
        label="Use it"
        value={tab}
        onChange={setTab}
        views={[
          { id: "otel", label: "OpenTelemetry" },
          { id: "curl", label: "curl" },
        ]}
      />
      <CodeBlock code={code} language={tab === "otel" ? "env" : "bash"} label="How to use the key" />
    </FormDialog>
  );
}

const STALE = {
  continue: "go on as they last heard",
  safe_mode: "enter safe mode",
  stop: "stop by themselves",
} as const;

export function RevokeDialog(props: {
  row: KeyShape | null;
  settings: StateShape["settings"] | undefined;
  onClose: () => void;
}) {
  return props.row ? <Revoke key={props.row.key_id} {...props} row={props.row} /> : null;
}

function Revoke(props: { row: KeyShape; settings: StateShape["settings"] | undefined; onClose: () => void }) {
  const { row, settings, onClose } = props;
  const revoke = useAct<void>({
    topics: ["settings"],
    run: (call) => call.post(`/keys/${encodeURIComponent(row.key_id)}/revoke`),
    said: () => `Key ${row.name} is revoked`,
    done: onClose,
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Revoke key ${row.name}`}
      submit={`Revoke ${row.name}`}
      destructive
      onSubmit={(event) => {
        event.preventDefault();
        revoke.mutate();
      }}
      busy={revoke.isPending}
      error={detailOf(revoke.error)}
    >
      <ul className={s.words}>
        <li>Every call with it is refused at once, and its streams close within 5 s.</li>
        {settings && (
          <li>
            Agents that know no other key {STALE[settings.on_stale]} once {settings.ttl_s} s have passed.
          </li>
        )}
        <li>Runs that are open keep their evidence; spans that still come are refused. It cannot be undone.</li>
      </ul>
    </FormDialog>
  );
}
