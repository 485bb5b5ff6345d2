"use client";

import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { type ChannelShape, type ChannelWritten, putChannelInput } from "@/lib/notifications/schema";
import { ApiProblem } from "../api";
import { CopyButton } from "../kit/copy";
import { detailOf } from "../runs/problem";
import { FormDialog, Once } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";
import { type Form, KindField, TakesFields, TargetFields } from "./form-fields";
import { fromShape, NEW, slugFor, toBody, type Values } from "./form-model";
import { useSave } from "./use-channel-act";
import { placeOf } from "./words";

type Problems = { path: string; message: string }[];
/** `to[0]` belongs to the field `to`. */
const fieldErrors = (errors: Problems) =>
  Object.fromEntries(errors.map(({ path, message }) => [path.replace(/[.[].*$/, ""), message]));

/** Makes a channel, or changes `of`; a secret that was made stands here once. */
export function ChannelForm({ of, onClose }: { of: ChannelShape | null; onClose: () => void }) {
  const [made, setMade] = useState<ChannelWritten | null>(null);
  const save = useSave((answer) => (answer.secret === null ? onClose() : setMade(answer)));
  const form: Form = useForm<Values>({ initialValues: of ? fromShape(of) : NEW });
  if (made?.secret) return <SecretOnce name={made.name} secret={made.secret} onClose={onClose} />;
  const send = form.onSubmit((values) => {
    const name = of ? of.slug : values.slug || slugFor(values.name);
    const body = toBody(values);
    const read = putChannelInput.safeParse({ ...body, slug: name });
    if (!read.success)
      return form.setErrors(
        fieldErrors(read.error.issues.map((i) => ({ path: String(i.path[0] ?? ""), message: i.message }))),
      );
    save.mutate(
      { name, body },
      { onError: (error) => error instanceof ApiProblem && form.setErrors(fieldErrors(error.errors)) },
    );
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={of ? `Channel ${of.name}` : "New channel"}
      submit={of ? "Save the channel" : "Make the channel"}
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={send}
      size={560}
    >
      {!of && <KindField form={form} />}
      <TextInput
        label="Name"
        description="As people call it: “Slack #agents-oncall”."
        required
        maxLength={100}
        autoComplete="off"
        {...form.getInputProps("name")}
      />
      {!of && (
        <TextInput
          label="Name in addresses"
          description="Small letters, digits, dots, dashes. It cannot be changed."
          placeholder={slugFor(form.values.name)}
          autoComplete="off"
          {...form.getInputProps("slug")}
        />
      )}
      <TargetFields form={form} kept={of ? placeOf(of) : null} />
      <TakesFields form={form} />
    </FormDialog>
  );
}

const SecretOnce = ({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) => (
  <FormDialog opened hold onClose={onClose} title={`Secret of ${name}`} closeLabel="I have kept it">
    <Once
      what="The secret"
      secret={secret}
      action={<CopyButton text={secret} label="Copy secret" name="Secret" size="sm" primary />}
    />
    <p className={t.words}>
      Each body carries Interlock-Signature: t=&lt;unix seconds&gt;,v1=&lt;hex&gt;, the HMAC-SHA-256 of “t.body” with
      this secret. Refuse what does not match, and what is older than five minutes.
    </p>
  </FormDialog>
);
