"use client";

import { NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { MARKER_KINDS, type MarkerKind, putTargetInput, type TargetShape } from "@/lib/readiness/schema";
import { ApiProblem } from "../api";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";
import { gatesQuery } from "./queries";
import { type FormValues, fieldOf, fromTarget, NEW_TARGET, slugFor, toBody } from "./target-model";

const KINDS: Record<MarkerKind, { label: string; name: string; hint: string }> = {
  header: { label: "A header of its answer", name: "Header", hint: "x-environment" },
  body: { label: "A text in its page", name: "", hint: "" },
  json_path: { label: "A value in its JSON", name: "Where in the JSON", hint: "env.name" },
};
const kindOf = (value: string | null): MarkerKind => MARKER_KINDS.find((k) => k === value) ?? "header";

/** A target, made or changed; the server's word comes first, and it is looked at at once. */
export function TargetForm(props: { of?: TargetShape; onClose: () => void; onSaved: (slug: string) => void }) {
  const { of, onClose, onSaved } = props;
  const { slug: environment } = usePlace().environment;
  const agents = useQuery(gatesQuery(environment, null));
  const form = useForm<FormValues>({ initialValues: of ? fromTarget(of) : NEW_TARGET });
  const slug = of?.slug ?? (form.values.slug.trim() || slugFor(form.values.name));
  const act = useAct({
    topics: ["readiness"],
    run: (call, body: ReturnType<typeof toBody>) =>
      call.put<TargetShape & { audit_row: number }>(`/targets/${encodeURIComponent(slug)}`, body),
    said: (answer) => `${answer.name} is ${of ? "changed" : "watched"}, and looked at now`,
    done: (answer) => onSaved(answer.slug),
  });
  const refuse = (errors: readonly { path: string; message: string }[]) =>
    form.setErrors(Object.fromEntries(errors.map((e) => [fieldOf(e.path), e.message])));
  const send = form.onSubmit((values) => {
    const body = toBody(values);
    const read = putTargetInput.safeParse({ ...body, slug });
    if (!read.success) return refuse(read.error.issues.map((i) => ({ path: i.path.join("."), message: i.message })));
    act.mutate(body, { onError: (error) => error instanceof ApiProblem && refuse(error.errors) });
  });
  const { kind } = form.values;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={of ? `Target ${of.name}` : "New target"}
      submit={of ? "Save the target" : "Watch it"}
      busy={act.isPending}
      error={detailOf(act.error)}
      onSubmit={send}
    >
      <TextInput label="Name" data-autofocus autoComplete="off" placeholder="Shop" {...form.getInputProps("name")} />
      <TextInput
        label="Address"
        description="What users reach, exactly: no redirect is followed."
        placeholder="https://shop.example.com/"
        autoComplete="off"
        {...form.getInputProps("url")}
      />
      <Select
        label="What proves which production it is"
        allowDeselect={false}
        data={MARKER_KINDS.map((value) => ({ value, label: KINDS[value].label }))}
        value={kind}
        onChange={(value) => form.setFieldValue("kind", kindOf(value))}
      />
      <div className={t.pair}>
        {kind !== "body" && (
          <TextInput
            label={KINDS[kind].name}
            placeholder={KINDS[kind].hint}
            autoComplete="off"
            {...form.getInputProps("markerName")}
          />
        )}
        <TextInput
          label="Must say"
          placeholder="production"
          autoComplete="off"
          {...form.getInputProps("markerValue")}
        />
      </div>
      <TagsInput
        label="Whose spans come from it"
        description="Agents, * for any characters; none: any agent."
        data={agents.data?.items.map((a) => a.agent_id) ?? []}
        {...form.getInputProps("agents")}
      />
      <TextInput
        label="What its spans say of where they come from"
        description="deployment.environment.name; empty: nobody compares it."
        placeholder="production"
        autoComplete="off"
        {...form.getInputProps("deploymentEnv")}
      />
      <div className={t.pair}>
        <NumberInput label="Looked at every" suffix=" s" min={60} max={3_600} {...form.getInputProps("intervalS")} />
        <NumberInput label="Silent after" suffix=" min" min={1} max={10_080} {...form.getInputProps("silentMin")} />
      </div>
      {!of && (
        <TextInput
          label="Name in addresses"
          description="Small letters, digits, - and _. It cannot be changed."
          placeholder={slugFor(form.values.name)}
          autoComplete="off"
          {...form.getInputProps("slug")}
        />
      )}
    </FormDialog>
  );
}
