"use client";

import { NumberInput, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type CanaryShape, putCanaryInput } from "@/lib/evaluations/schema";
import { ApiProblem } from "../api";
import { detailOf } from "../runs/problem";
import { FormDialog } from "../tenancy/dialog";
import s from "./form.module.css";
import { errorsOf, refusalsOf } from "./form-errors";
import { ProbeFields, type ProbeValues, probeOf, probeValues } from "./probe-fields";
import { type CanaryBody, usePutCanary } from "./use-canary";

type Values = {
  slug: string;
  baseline_version: string;
  canary_version: string;
  percent_traffic: number | string;
  note: string;
  probes: ProbeValues[];
};
const slugFor = (agentId: string, version: string): string =>
  `${agentId}-${version}`
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 100);

const valuesOf = (of: CanaryShape | undefined): Values => ({
  slug: of?.slug ?? "",
  baseline_version: of?.baseline_version ?? "",
  canary_version: of?.canary_version ?? "",
  percent_traffic: of?.percent_traffic ?? 5,
  note: of?.note ?? "",
  probes: (of?.probes ?? []).map(probeValues),
});

/** A new canary, or the whole of one that stands there. */
export function CanaryForm(props: {
  agentId: string;
  of?: CanaryShape;
  onClose: () => void;
  onDone: (slug: string) => void;
}) {
  const { agentId, of, onClose, onDone } = props;
  const form = useForm<Values>({ initialValues: valuesOf(of) });
  const save = usePutCanary((slug) => {
    onClose();
    onDone(slug);
  });
  const slug = of?.slug ?? (form.values.slug || slugFor(agentId, form.values.canary_version));
  const send = form.onSubmit((v) => {
    const body: CanaryBody = {
      agent_id: agentId,
      baseline_version: v.baseline_version.trim(),
      canary_version: v.canary_version.trim(),
      percent_traffic: v.percent_traffic === "" ? Number.NaN : Number(v.percent_traffic),
      probes: v.probes.map(probeOf),
      note: v.note.trim() || null,
      ...(of ? { started_at: of.started_at, ended_at: of.ended_at } : {}),
    };
    const read = putCanaryInput.safeParse({ ...body, slug });
    if (!read.success) return form.setErrors(errorsOf(read.error.issues));
    save.mutate(
      { slug, body, said: of ? `The canary ${slug} is changed` : `The canary ${slug} has begun` },
      { onError: (error) => error instanceof ApiProblem && form.setErrors(refusalsOf(error.errors)) },
    );
  });
  return (
    <FormDialog
      opened
      size={680}
      onClose={onClose}
      title={of ? `Canary ${of.slug}` : `New canary of ${agentId}`}
      submit={of ? "Save the canary" : "Begin the canary"}
      busy={save.isPending}
      error={detailOf(save.error)}
      onSubmit={send}
    >
      <div className={s.two}>
        <TextInput
          data-autofocus
          label="Version that is live"
          placeholder="3.4.1"
          autoComplete="off"
          {...form.getInputProps("baseline_version")}
        />
        <TextInput
          label="Version of the canary"
          description="As the agent names it in versions.agent."
          placeholder="3.5.0"
          autoComplete="off"
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...form.getInputProps("canary_version")}
        />
        <NumberInput
          label="Share of the runs, %"
          description="The plan; whoever routes the runs reads it."
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={0}
          max={100}
          {...form.getInputProps("percent_traffic")}
        />
        {!of && (
          <TextInput
            label="Name in addresses"
            placeholder={slugFor(agentId, form.values.canary_version)}
            autoComplete="off"
            {...form.getInputProps("slug")}
          />
        )}
      </div>
      <ProbeFields form={form as unknown as Parameters<typeof ProbeFields>[0]["form"]} />
      <Textarea label="Note" autosize minRows={2} {...form.getInputProps("note")} />
    </FormDialog>
  );
}
