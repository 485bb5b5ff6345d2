"use client";

import { Checkbox, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { CHANNEL_KINDS, SEVERITIES, TOPICS, topicsOf } from "@/lib/notifications/schema";
import { usePlace } from "../frame/place";
import t from "../tenancy/tenancy.module.css";
import { DEFAULT_PAGER, type Values } from "./form-model";
import { KIND_WORDS, LEAST_WORDS, TOPIC_WORDS } from "./words";

export type Form = UseFormReturnType<Values>;
const KEPT = "Leave it empty to keep what is there; it is never shown again.";

export function KindField({ form }: { form: Form }) {
  return (
    <Select
      label="Kind"
      description={KIND_WORDS[form.values.kind].what}
      data-autofocus
      allowDeselect={false}
      data={CHANNEL_KINDS.map((value) => ({ value, label: KIND_WORDS[value].label }))}
      {...form.getInputProps("kind")}
      onChange={(value) => {
        const kind = CHANNEL_KINDS.find((each) => each === value) ?? "slack";
        form.setValues({ kind, topics: topicsOf(kind) });
        form.clearErrors();
      }}
    />
  );
}

/** Where it leads. `kept`: there is something to keep. */
export function TargetFields({ form, kept }: { form: Form; kept: string | null }) {
  const field = { autoComplete: "off", spellCheck: false } as const;
  switch (form.values.kind) {
    case "slack":
      return (
        <TextInput
          label="Address of the incoming webhook"
          description={
            kept ? KEPT : "In Slack: your app, Incoming Webhooks. The whole address is a secret, and is kept sealed."
          }
          placeholder={kept ?? "https://hooks.slack.com/services/…"}
          required={!kept}
          {...field}
          {...form.getInputProps("url")}
        />
      );
    case "webhook":
      return (
        <>
          <TextInput
            label="Address"
            description={
              kept ? KEPT.replace("; it is never shown again", "") : "It gets a POST with a JSON body for each message."
            }
            placeholder={kept ?? "https://ops.example.com/interlock"}
            required={!kept}
            {...field}
            {...form.getInputProps("url")}
          />
          {kept ? (
            <Checkbox
              label="Make a new secret"
              description="Shown once. Bodies are signed with it from now on; the one before is worth nothing any more."
              {...form.getInputProps("renew_secret", { type: "checkbox" })}
            />
          ) : (
            <TextInput
              label="Secret"
              description="Signs each body. Empty: one is made, and shown once."
              {...field}
              {...form.getInputProps("secret")}
            />
          )}
        </>
      );
    case "email":
      return (
        <TagsInput
          label="To"
          description="Addresses; Enter after each. A person or a shared mailbox."
          required
          {...form.getInputProps("to")}
        />
      );
    case "pagerduty":
      return (
        <>
          <TextInput
            label="Integration key"
            description={kept ? KEPT : "Of an Events API v2 integration of the service. Kept sealed."}
            placeholder={kept ?? ""}
            required={!kept}
            {...field}
            {...form.getInputProps("routing_key")}
          />
          <TextInput
            label="Address"
            description="Only for another service region. A new address asks for the key again."
            placeholder={DEFAULT_PAGER}
            {...field}
            {...form.getInputProps("url")}
          />
        </>
      );
  }
}

/** What it takes of all that is told. */
export function TakesFields({ form }: { form: Form }) {
  const { environment } = usePlace();
  return (
    <>
      <Select
        label="How severe"
        allowDeselect={false}
        data={SEVERITIES.map((value) => ({ value, label: LEAST_WORDS[value] }))}
        {...form.getInputProps("min_severity")}
      />
      <Checkbox.Group
        label="About what"
        {...form.getInputProps("topics")}
        onChange={(next) =>
          form.setFieldValue(
            "topics",
            TOPICS.filter((each) => next.includes(each)),
          )
        }
      >
        <div className={t.choices}>
          {TOPICS.map((value) => (
            <Checkbox key={value} value={value} label={TOPIC_WORDS[value]} />
          ))}
        </div>
      </Checkbox.Group>
      <TagsInput
        label="Of which agents"
        description={`Names, * for any characters; Enter after each. Empty: any. What concerns all of ${environment.name} always comes.`}
        {...form.getInputProps("agent_ids")}
      />
      <Switch
        label="Switched on"
        description="Off: nothing is sent, and what still waits for it is given up."
        {...form.getInputProps("enabled", { type: "checkbox" })}
      />
    </>
  );
}
