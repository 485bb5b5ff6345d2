"use client";

import { Button, Checkbox, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { ACTIONS, METRIC_NAMES, METRICS, SEVERITIES } from "@/lib/detectors/schema";
import type { Draft } from "./rule-draft";
import { ACTION_WORDS, lengthWords } from "./rule-words";

export type Edit = { draft: Draft; set: (next: Draft) => void; locked: boolean };

export const METRIC_DATA = [
  { group: "Of one run", items: METRIC_NAMES.filter((m) => METRICS[m].of === "run") },
  { group: "Of many runs", items: METRIC_NAMES.filter((m) => METRICS[m].of === "window") },
];
const WINDOWS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800];
export const windowData = (own: number | null, whole: boolean) => [
  ...(whole ? [{ value: "", label: "the whole run" }] : []),
  ...[...new Set([...WINDOWS, ...(own ? [own] : [])])]
    .sort((a, b) => a - b)
    .map((w) => ({ value: String(w), label: lengthWords(w) })),
];
export const ofMany = (d: Draft) => METRICS[d.metric].of === "window" || d.aggregate !== null;

const SCOPE_LABELS = { agent_id: "Agent", task_type: "Task type", tenant_id: "Tenant", tool: "Tool" } as const;
export function ScopeFields({ draft: d, set, locked }: Edit) {
  return (
    <Stack gap={8}>
      {(["agent_id", "task_type", "tenant_id", "tool"] as const).map((key) => (
        <TextInput
          key={key}
          label={SCOPE_LABELS[key]}
          placeholder={key === "tool" ? "every tool; or search.*" : "every one; * stands for anything"}
          autoComplete="off"
          spellCheck={false}
          disabled={locked}
          value={d.scope[key] ?? ""}
          onChange={(event) => set({ ...d, scope: { ...d.scope, [key]: event.currentTarget.value } })}
        />
      ))}
    </Stack>
  );
}

/** An act that the rule cannot do says why. */
function whyNot(d: Draft, action: (typeof ACTIONS)[number]): string | null {
  if (action === "stop_run" && d.per !== "run") return "Only a rule on single runs can stop one.";
  if (action === "safe_mode" && d.per !== "run" && d.per !== "agent") return "Safe mode is an agent's.";
  return null;
}
const MODES = [
  { value: "off", label: "Off: it judges nothing" },
  { value: "observe", label: "Observe: alerts, no acts" },
  { value: "act", label: "Act: alerts and acts" },
] as const;

export function ThenFields({ draft: d, set, locked }: Edit) {
  return (
    <Stack gap={10}>
      <Select
        label="When it fires"
        allowDeselect={false}
        data={MODES}
        value={d.mode}
        disabled={locked}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => set({ ...d, mode: MODES.find((m) => m.value === value)?.value ?? "observe" })}
      />
      <Checkbox.Group
        label="Acts"
        value={d.actions}
        onChange={(value) => set({ ...d, actions: ACTIONS.filter((a) => value.includes(a)) })}
      >
        <Stack gap={6} mt={4}>
          {ACTIONS.map((action) => {
            const not = whyNot(d, action);
            return (
              <Checkbox
                key={action}
                value={action}
                label={ACTION_WORDS[action]}
                description={not}
                disabled={locked || not !== null}
              />
            );
          })}
        </Stack>
      </Checkbox.Group>
      <Select
        label="Severity"
        allowDeselect={false}
        data={[...SEVERITIES]}
        value={d.severity}
        disabled={locked}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => set({ ...d, severity: SEVERITIES.find((each) => each === value) ?? "warning" })}
      />
      <NumberInput
        label="Warn from"
        description="Reached before the threshold: an alert of one severity less."
        placeholder="no warning"
        hideControls
        value={d.warn}
        disabled={locked}
        onChange={(value) => set({ ...d, warn: typeof value === "number" ? value : "" })}
      />
    </Stack>
  );
}

/** The button at the head of the panel that arms what is written. */
export function ArmButtons({ draft: d, set, locked }: Edit) {
  const arm = (mode: Draft["mode"]) => set({ ...d, mode });
  return (
    <Button.Group aria-label="Armed as">
      {(["off", "observe", "act"] as const).map((mode) => (
        <Button
          key={mode}
          size="xs"
          variant={d.mode === mode ? "light" : "default"}
          aria-pressed={d.mode === mode}
          disabled={locked}
          onClick={() => arm(mode)}
        >
          {mode === "off" ? "Off" : mode === "observe" ? "Observe" : "Act"}
        </Button>
      ))}
    </Button.Group>
  );
}
