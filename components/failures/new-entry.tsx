"use client";

import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import type { CategoryShape } from "@/lib/detectors/schema";
import { ApiProblem } from "../api";
import { usePlace } from "../frame/place";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import { usePeople } from "./people";
import { useSave } from "./use-save";
import { GROUP_WORDS, type Group } from "./words";

const slugFor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 100);

/** An entry of one's own beside what the catalogue names: category, name, owner; the rest takes the category's words. */
export function NewEntry({ catalogue, onClose }: { catalogue: CategoryShape[]; onClose: () => void }) {
  const { environment } = usePlace();
  const router = useRouter();
  const people = usePeople();
  const save = useSave((made) => router.push(`/${environment.slug}/failures/${encodeURIComponent(made.slug)}`));
  const form = useForm({
    initialValues: { category: "", name: "", slug: "", owner: "" },
    validate: {
      category: (v) => (v ? null : "Which kind of failure is it?"),
      name: (v) => (v.trim() ? null : "Say in a few words what goes wrong."),
    },
  });
  const slug = form.values.slug.trim() || slugFor(form.values.name);
  const send = form.onSubmit(({ category, name, owner }) =>
    save.mutate(
      {
        slug,
        revision: 0,
        body: { category, name: name.trim(), owner: owner || null },
        said: `${name.trim()} is entered`,
      },
      {
        onError: (error) => {
          if (!(error instanceof ApiProblem)) return;
          if (error.status === 412) form.setFieldError("slug", `There is an entry ${slug} already.`);
          for (const each of error.errors) form.setFieldError(each.path, each.message);
        },
      },
    ),
  );
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="New entry"
      submit="Make the entry"
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={send}
    >
      <Select
        label="Category"
        description="The entry begins in its words. What has no name yet is an unnamed failure."
        data-autofocus
        searchable
        data={(Object.keys(GROUP_WORDS) as Group[]).map((group) => ({
          group: GROUP_WORDS[group],
          items: catalogue.filter((c) => c.group === group).map((c) => ({ value: c.slug, label: c.name })),
        }))}
        {...form.getInputProps("category")}
      />
      <TextInput
        label="Name"
        placeholder="Loops on empty search results"
        maxLength={200}
        autoComplete="off"
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Name in addresses"
        description="Small letters, digits, - and _. It cannot be changed."
        placeholder={slugFor(form.values.name)}
        autoComplete="off"
        {...form.getInputProps("slug")}
      />
      <Select
        label="Owner"
        description="One person who answers for it. It may be named later."
        searchable
        clearable
        data={people}
        {...form.getInputProps("owner")}
      />
    </FormDialog>
  );
}
