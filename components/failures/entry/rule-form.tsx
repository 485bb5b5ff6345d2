"use client";

import { NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { AGGREGATES, METRICS, type MetricName, OPS, PERS } from "@/lib/detectors/schema";
import s from "./rule.module.css";
import { settle } from "./rule-draft";
import { type Edit, METRIC_DATA, ofMany, ScopeFields, ThenFields, windowData } from "./rule-fields";
import { AGGREGATE_WORDS, OP_WORDS, PER_WORDS } from "./rule-words";

const minutes = (seconds: number | null): number | "" => (seconds === null ? "" : seconds / 60);
const seconds = (value: string | number): number | null =>
  typeof value === "number" && value > 0 ? Math.round(value * 60) : null;

/** Everything a rule has; the sentence and this edit the same thing. */
export function RuleForm({ draft: d, set, locked }: Edit) {
  const many = ofMany(d);
  return (
    <fieldset className={s.form} disabled={locked}>
      <legend className="il-sr">The rule</legend>
      <div>
        <TextInput
          label="Name"
          maxLength={200}
          value={d.name}
          onChange={(event) => set({ ...d, name: event.currentTarget.value })}
        />
        <Select
          label="Metric"
          searchable
          allowDeselect={false}
          data={METRIC_DATA}
          value={d.metric}
          onChange={(value) => value && set(settle({ ...d, metric: value as MetricName }))}
        />
        <Select
          label="Of many runs"
          description="Left out: each run is judged by itself."
          clearable
          disabled={METRICS[d.metric].of === "window"}
          placeholder="each run by itself"
          data={AGGREGATES.map((value) => ({ value, label: AGGREGATE_WORDS[value] }))}
          value={d.aggregate}
          onChange={(value) => set(settle({ ...d, aggregate: AGGREGATES.find((a) => a === value) ?? null }))}
        />
        {many && (
          <Select
            label="Over"
            allowDeselect={false}
            data={PERS.filter((p) => p !== "run").map((value) => ({ value, label: PER_WORDS[value] }))}
            value={d.per}
            onChange={(value) => set(settle({ ...d, per: PERS.find((p) => p === value) ?? "environment" }))}
          />
        )}
        <Select
          label="Comparison"
          allowDeselect={false}
          data={OPS.map((value) => ({ value, label: OP_WORDS[value] }))}
          value={d.op}
          onChange={(value) => set({ ...d, op: OPS.find((o) => o === value) ?? ">" })}
        />
        <NumberInput
          label="Threshold"
          hideControls
          value={d.threshold}
          onChange={(value) => set({ ...d, threshold: typeof value === "number" ? value : "" })}
        />
        <Select
          label="Window"
          allowDeselect={false}
          data={windowData(d.window_s, !many)}
          value={d.window_s === null ? "" : String(d.window_s)}
          onChange={(value) => set({ ...d, window_s: value ? Number(value) : null })}
        />
        <TagsInput
          label="Exempt tools"
          description="Their calls do not count: repeating is what they are for. Patterns with *."
          value={d.exempt_tools}
          onChange={(value) => set({ ...d, exempt_tools: value })}
        />
      </div>
      <div>
        <ScopeFields draft={d} set={set} locked={locked} />
        <NumberInput
          label="Alert when its data is missing for, minutes"
          placeholder="never"
          hideControls
          min={1}
          value={minutes(d.no_data_s)}
          onChange={(value) => set({ ...d, no_data_s: seconds(value) })}
        />
        <NumberInput
          label="Tell again while it stands open, every minutes"
          placeholder="never"
          hideControls
          min={1}
          value={minutes(d.renotify_s)}
          onChange={(value) => set({ ...d, renotify_s: seconds(value) })}
        />
      </div>
      <div>
        <ThenFields draft={d} set={set} locked={locked} />
      </div>
    </fieldset>
  );
}
