"use client";

import { ActionIcon, Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { PROBE_TYPES, type Probe, type ProbeType } from "@/lib/evaluations/schema";
import s from "./form.module.css";

export type ProbeValues = {
  key: string;
  name: string;
  type: ProbeType;
  max_latency_ms: number | string;
  expected_status: number | string;
  url: string;
  interval_s: number | string;
};
export const probeValues = (p: Probe, n: number): ProbeValues => ({
  key: `p${n}`,
  name: p.name,
  type: p.type,
  max_latency_ms: p.max_latency_ms ?? "",
  expected_status: p.expected_status ?? "",
  url: p.url ?? "",
  interval_s: p.interval_s ?? "",
});
const number = (v: number | string): number | undefined => (v === "" ? undefined : Number(v));
export function probeOf(v: ProbeValues): Probe {
  const url = v.type === "http" ? v.url.trim() : "";
  const rest = { max_latency_ms: number(v.max_latency_ms), expected_status: number(v.expected_status) };
  const http = url === "" ? {} : { url, interval_s: number(v.interval_s) };
  return JSON.parse(JSON.stringify({ name: v.name.trim(), type: v.type, ...rest, ...http })) as Probe;
}

let made = 0;
const fresh = (): ProbeValues => ({
  key: `new${made++}`,
  name: "",
  type: "end-to-end",
  max_latency_ms: "",
  expected_status: "",
  url: "",
  interval_s: "",
});

/** Rows of probes; one of type http with an address is asked by Interlock itself. */
export function ProbeFields({ form }: { form: UseFormReturnType<{ probes: ProbeValues[] }> }) {
  return (
    <fieldset className={s.probes}>
      <legend>Probes</legend>
      {form.values.probes.map((p, n) => (
        <div key={p.key} className={s.probe}>
          <TextInput label="Name" placeholder="sanity-check" {...form.getInputProps(`probes.${n}.name`)} />
          <NativeSelect label="Type" data={[...PROBE_TYPES]} {...form.getInputProps(`probes.${n}.type`)} />
          <NumberInput label="At most, ms" min={1} {...form.getInputProps(`probes.${n}.max_latency_ms`)} />
          <NumberInput label="HTTP status" min={100} max={599} {...form.getInputProps(`probes.${n}.expected_status`)} />
          <ActionIcon
            variant="default"
            size={34}
            className={s.remove}
            aria-label={`Remove probe ${p.name || n + 1}`}
            onClick={() => form.removeListItem("probes", n)}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
          {p.type === "http" && (
            <div className={s.address}>
              <TextInput
                label="Address that Interlock asks"
                description="Left out: whoever runs the probe posts what it showed."
                placeholder="https://agent.example.com/health"
                {...form.getInputProps(`probes.${n}.url`)}
              />
              <NumberInput
                label="Every, s"
                description="60 at least."
                placeholder="300"
                min={60}
                disabled={p.url === ""}
                {...form.getInputProps(`probes.${n}.interval_s`)}
              />
            </div>
          )}
        </div>
      ))}
      <div>
        <Button
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => form.insertListItem("probes", fresh())}
        >
          Add a probe
        </Button>
      </div>
    </fieldset>
  );
}
