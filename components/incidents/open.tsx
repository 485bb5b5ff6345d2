"use client";

import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { INCIDENT_SEVERITIES, type IncidentDetail, type IncidentSeverity } from "@/lib/incidents/schema";
import { ApiProblem } from "../api";
import { usePeople } from "../failures/people";
import { catalogueQuery } from "../failures/queries";
import { GROUP_WORDS, type Group } from "../failures/words";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { counted } from "../kit/numbers";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import t from "../tenancy/tenancy.module.css";
import { incidentHref } from "./words";

const WORDS: Record<IncidentSeverity, string> = {
  warning: "Warning: somebody looks today",
  high: "High: somebody looks now",
  critical: "Critical: wake people",
};
const FIELDS: Record<string, string> = { "run_ids[0]": "run" };

/** From an alert or a run, or of something that no rule saw. Whoever opens it commands it, unless they name another. */
export function OpenIncident(props: {
  title?: string;
  severity?: IncidentSeverity;
  alertIds?: string[];
  onClose: () => void;
}) {
  const { alertIds = [], onClose } = props;
  const { environment, person } = usePlace();
  const { slug } = environment;
  const router = useRouter();
  const people = usePeople();
  const catalogue = useQuery(catalogueQuery(slug)).data?.items ?? [];
  const me = people.find((p) => p.label.endsWith(`, ${person.email}`))?.value ?? person.email;
  const form = useForm({
    initialValues: {
      title: props.title ?? "",
      severity: props.severity ?? "high",
      category: "",
      commander: null as string | null,
      run: "",
    },
    validate: { title: (v) => (v.trim() ? null : "Say in a few words what went wrong.") },
  });
  const open = useAct({
    topics: ["incidents", "alerts"],
    run: (call, v: typeof form.values) =>
      call.post<IncidentDetail & { audit_row: number }>("/incidents", {
        title: v.title,
        severity: v.severity,
        commander: v.commander || me,
        alert_ids: alertIds,
        run_ids: v.run.trim() ? [v.run.trim()] : [],
        ...(v.category ? { category: v.category } : {}),
      }),
    said: (made) => `${made.incident_id} is open`,
    done: (made) => router.push(incidentHref(slug, made.incident_id)),
  });
  const refused = (error: Error) => {
    if (error instanceof ApiProblem)
      for (const each of error.errors) form.setFieldError(FIELDS[each.path] ?? each.path, each.message);
  };
  return (
    <FormDialog
      opened
      onClose={onClose}
      title="Open an incident"
      submit="Open it"
      busy={open.isPending}
      error={detailOf(open.error)}
      onSubmit={form.onSubmit((v) => open.mutate(v, { onError: refused }))}
    >
      {alertIds.length > 0 && (
        <p className={t.words}>
          It begins with the first evidence of {counted(alertIds.length, "alert")}; the runs that fired are its runs.
        </p>
      )}
      <TextInput
        label="What went wrong"
        data-autofocus
        maxLength={200}
        autoComplete="off"
        {...form.getInputProps("title")}
      />
      <Select
        label="Severity"
        allowDeselect={false}
        data={INCIDENT_SEVERITIES.map((value) => ({ value, label: WORDS[value] }))}
        {...form.getInputProps("severity")}
      />
      <Select
        label="Commander"
        description="One person who leads. You, unless you name another."
        placeholder={person.name}
        searchable
        clearable
        data={people}
        {...form.getInputProps("commander")}
      />
      {alertIds.length === 0 && (
        <>
          <Select
            label="Category"
            description="What kind of failure it is, where that is known. It may be said later."
            searchable
            clearable
            data={(Object.keys(GROUP_WORDS) as Group[]).map((group) => ({
              group: GROUP_WORDS[group],
              items: catalogue.filter((c) => c.group === group).map((c) => ({ value: c.slug, label: c.name })),
            }))}
            {...form.getInputProps("category")}
          />
          <TextInput
            label="Run"
            description="The id of a run that shows it; more can be added later."
            placeholder="run_…"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps("run")}
          />
        </>
      )}
    </FormDialog>
  );
}
