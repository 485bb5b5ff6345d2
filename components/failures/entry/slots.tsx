"use client";

import { NumberInput } from "@mantine/core";
import { AGGREGATES, type MetricName, OPS, PERS } from "@/lib/detectors/schema";
import { vars } from "../../kit/vars";
import s from "./rule.module.css";
import { settle } from "./rule-draft";
import { type Edit, METRIC_DATA, ofMany, ScopeFields, ThenFields, windowData } from "./rule-fields";
import { AGGREGATE_WORDS, lengthWords, OP_WORDS, PER_WORDS, scopeWords, thenWords } from "./rule-words";
import { OpenSlot, PickSlot } from "./slot";

/** The rule as a sentence in which each variable can be changed. */
export function Slots({ draft: d, set, locked }: Edit) {
  const many = ofMany(d);
  return (
    <div className={s.sentence}>
      We would know from{" "}
      {d.aggregate !== null && (
        <PickSlot
          label="Aggregate"
          width={AGGREGATE_WORDS[d.aggregate].length}
          data={AGGREGATES.map((value) => ({ value, label: AGGREGATE_WORDS[value] }))}
          value={d.aggregate}
          locked={locked}
          onPick={(value) => set(settle({ ...d, aggregate: AGGREGATES.find((a) => a === value) ?? null }))}
        />
      )}{" "}
      <PickSlot
        label="Metric"
        mono
        searchable
        width={d.metric.length}
        data={METRIC_DATA}
        value={d.metric}
        locked={locked}
        onPick={(value) => set(settle({ ...d, metric: value as MetricName }))}
      />{" "}
      <PickSlot
        label="Comparison"
        width={OP_WORDS[d.op].length}
        data={OPS.map((value) => ({ value, label: OP_WORDS[value] }))}
        value={d.op}
        locked={locked}
        onPick={(value) => set({ ...d, op: OPS.find((o) => o === value) ?? ">" })}
      />{" "}
      <NumberInput
        aria-label="Threshold"
        className={s.slot}
        classNames={{ input: s.input }}
        style={vars({ "--ch": Math.max(2, String(d.threshold).length) })}
        hideControls
        value={d.threshold}
        disabled={locked}
        onChange={(value) => set({ ...d, threshold: typeof value === "number" ? value : "" })}
      />{" "}
      within{" "}
      <PickSlot
        label="Window"
        width={d.window_s === null ? 13 : lengthWords(d.window_s).length}
        data={windowData(d.window_s, !many)}
        value={d.window_s === null ? "" : String(d.window_s)}
        locked={locked}
        onPick={(value) => set({ ...d, window_s: value === "" ? null : Number(value) })}
      />{" "}
      {many && (
        <>
          over{" "}
          <PickSlot
            label="Over"
            width={PER_WORDS[d.per].length}
            data={PERS.filter((p) => p !== "run").map((value) => ({ value, label: PER_WORDS[value] }))}
            value={d.per}
            locked={locked}
            onPick={(value) => set(settle({ ...d, per: PERS.find((p) => p === value) ?? "environment" }))}
          />{" "}
        </>
      )}
      for{" "}
      <OpenSlot label="Scope" shown={scopeWords(d.scope)} locked={locked}>
        <ScopeFields draft={d} set={set} locked={locked} />
      </OpenSlot>
      , then{" "}
      <OpenSlot label="What happens then" shown={thenWords(d)} locked={locked}>
        <ThenFields draft={d} set={set} locked={locked} />
      </OpenSlot>
    </div>
  );
}
