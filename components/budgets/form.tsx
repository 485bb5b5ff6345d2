"use client";

import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type BudgetShape, budgetInput } from "@/lib/budgets/schema";
import { ApiProblem } from "../api";
import { usePlace } from "../frame/place";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import { type Form, LimitFields, MeasureFields, ScopeFields } from "./form-fields";
import { fromShape, NEW, slugFor, toBody, type Values } from "./form-model";
import { useSave } from "./use-save";
import { nameOf } from "./words";

export function NewBudget({ onClose, onMade }: { onClose: () => void; onMade: (slug: string) => void }) {
  const save = useSave((slug) => {
    onMade(slug);
    onClose();
  });
  return <BudgetForm title="New budget" submit="Make the budget" values={NEW} save={save} onClose={onClose} fresh />;
}

export function EditBudget({ of, onClose }: { of: BudgetShape; onClose: () => void }) {
  const { environment } = usePlace();
  const save = useSave(onClose);
  return (
    <BudgetForm
      title={`Budget of ${nameOf(of, environment.name)}`}
      submit="Save the budget"
      values={fromShape(of)}
      save={save}
      onClose={onClose}
    />
  );
}

function BudgetForm(props: {
  title: string;
  submit: string;
  values: Values;
  save: ReturnType<typeof useSave>;
  onClose: () => void;
  fresh?: boolean;
}) {
  const { title, submit, values, save, onClose, fresh } = props;
  const form: Form = useForm<Values>({ initialValues: values });
  const slug = fresh ? form.values.slug || slugFor(form.values) : form.values.slug;
  const send = form.onSubmit((given) => {
    const body = toBody(given);
    const read = budgetInput.safeParse({ ...body, slug });
    if (!read.success)
      return form.setErrors(
        fieldErrors(read.error.issues.map((i) => ({ path: i.path.join("."), message: i.message }))),
      );
    save.mutate(
      { slug, body, said: fresh ? `The budget ${slug} is made` : `The budget ${slug} is changed` },
      { onError: (error) => error instanceof ApiProblem && form.setErrors(fieldErrors(error.errors)) },
    );
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={title}
      submit={submit}
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={send}
    >
      <ScopeFields form={form} />
      <MeasureFields form={form} />
      <LimitFields form={form} />
      {fresh && (
        <TextInput
          label="Name in addresses"
          description="Small letters, digits, dots, dashes. It cannot be changed."
          placeholder={slugFor(form.values)}
          autoComplete="off"
          {...form.getInputProps("slug")}
        />
      )}
      <Textarea
        label="Note"
        description="Why it is so. It stands in the audit."
        autosize
        minRows={2}
        maxLength={300}
        {...form.getInputProps("note")}
      />
    </FormDialog>
  );
}

/** `scope.key` is the field `key`, `soft.at` the field `softPercent`. */
const FIELDS: Record<string, string> = {
  "scope.key": "key",
  "scope.kind": "kind",
  "soft.at": "softPercent",
  "soft.then": "softThen",
};
const fieldErrors = (errors: { path: string; message: string }[]) =>
  Object.fromEntries(errors.map(({ path, message }) => [FIELDS[path] ?? path, message]));
