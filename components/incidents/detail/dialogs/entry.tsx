"use client";

import { Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FailureDetail } from "@/lib/failures/schema";
import { api } from "../../../api";
import { elseOf, saidOf } from "../../../failures/entry/dialogs";
import { catalogueQuery, failuresQuery } from "../../../failures/queries";
import { GROUP_WORDS, type Group, NEEDS_OWNER } from "../../../failures/words";
import { usePlace } from "../../../frame/place";
import { wordsOf } from "../../../runs/problem";
import { FormDialog } from "../../../tenancy/dialog";
import t from "../../../tenancy/tenancy.module.css";
import { useChange } from "../../use-change";
import type { Dialog } from "../doing";

const ADOPT = "adopt:";
/** An entry that is there, or one taken from the catalogue in the same step. */
export function EntryDialog({ of, onClose }: Dialog) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const client = useQueryClient();
  const entries = useQuery(failuresQuery(slug)).data?.items ?? [];
  const catalogue = useQuery(catalogueQuery(slug)).data?.items ?? [];
  const change = useChange(of, onClose);
  const own = entries.find((f) => f.category === of.category);
  const [chosen, setChosen] = useState<string | null>(of.failure ?? null);
  const value = chosen ?? own?.slug ?? null;
  const adopt = useMutation({
    mutationFn: (category: string) => api(slug).post<FailureDetail>("/failures/adopt", { category }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: [slug, "failures"] });
      change.mutate({ change: { failure: made.slug }, said: `${made.name} is adopted, and chosen` });
    },
  });
  const free = catalogue.filter((c) => !entries.some((f) => f.category === c.slug));
  const allowed = may["failures.write"] === true;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={`Which entry is ${of.incident_id}?`}
      submit={value?.startsWith(ADOPT) ? "Adopt and choose it" : "Choose it"}
      disabled={value === null}
      busy={change.isPending || adopt.isPending}
      error={adopt.isError ? wordsOf(adopt.error) : elseOf(change.error, ["failure"])}
      onSubmit={(event) => {
        event.preventDefault();
        if (value === null) return;
        if (value.startsWith(ADOPT)) return adopt.mutate(value.slice(ADOPT.length));
        const name = entries.find((f) => f.slug === value)?.name ?? value;
        change.mutate({ change: { failure: value }, said: `${of.incident_id} is ${name}` });
      }}
    >
      <p className={t.words}>
        When this closes, the entry takes what was beside what it foresaw. What has no entry yet is taken from the
        catalogue{allowed ? "." : `, by somebody who may: ${NEEDS_OWNER}`}
      </p>
      <Select
        label="Entry"
        data-autofocus
        searchable
        data={[
          ...(entries.length > 0
            ? [{ group: "In the inventory", items: entries.map((f) => ({ value: f.slug, label: f.name })) }]
            : []),
          ...(allowed
            ? (Object.keys(GROUP_WORDS) as Group[]).map((group) => ({
                group: `Catalogue, ${GROUP_WORDS[group].toLowerCase()}`,
                items: free
                  .filter((c) => c.group === group)
                  .map((c) => ({ value: `${ADOPT}${c.slug}`, label: `${c.name} (adopt)` })),
              }))
            : []),
        ]}
        value={value}
        onChange={setChosen}
        error={saidOf(change.error, "failure")}
      />
    </FormDialog>
  );
}
