"use client";

import { Autocomplete, NumberInput, Select, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { BUDGET_SCOPES, type BudgetScope, type Metric, SOFT_THEN, type Window } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { agentNamesQuery, namesQuery } from "../runs/queries";
import t from "../tenancy/tenancy.module.css";
import type { Values } from "./form-model";
import { METRIC_WORDS, metricsOf, SCOPE_WORDS, SOFT_WORDS, WINDOW_WORDS, windowsOf } from "./words";

export type Form = UseFormReturnType<Values>;

export function ScopeFields({ form }: { form: Form }) {
  const { slug } = usePlace().environment;
  const { kind } = form.values;
  const agents = useQuery({ ...agentNamesQuery(slug), enabled: kind === "agent" }).data?.items.map(
    (each) => each.agent_id,
  );
  const named = kind === "tenant" || kind === "task_type" || kind === "tool" ? kind : "tool";
  const names = useQuery({ ...namesQuery(slug, named), enabled: named === kind }).data?.items.map((each) => each.name);
  const change = (next: BudgetScope) => {
    const metrics = metricsOf(next);
    const metric = metrics.includes(form.values.metric) ? form.values.metric : (metrics[0] ?? "usd");
    form.setValues({ kind: next, key: "", metric, window: windowFor(next, metric, form.values.window) });
  };
  return (
    <div className={t.pair}>
      <Select
        label="For"
        data-autofocus
        allowDeselect={false}
        data={BUDGET_SCOPES.map((value) => ({ value, label: SCOPE_WORDS[value].label }))}
        {...form.getInputProps("kind")}
        onChange={(value) => change(BUDGET_SCOPES.find((each) => each === value) ?? "environment")}
      />
      {kind !== "environment" && (
        <Autocomplete
          label={SCOPE_WORDS[kind].which}
          placeholder={`${SCOPE_WORDS[kind].each}, for itself`}
          data={kind === "agent" ? (agents ?? []) : named === kind ? (names ?? []) : []}
          limit={20}
          {...form.getInputProps("key")}
        />
      )}
    </div>
  );
}

const windowFor = (kind: BudgetScope, metric: Metric, before: Window): Window => {
  const windows = windowsOf(kind, metric);
  return windows.includes(before) ? before : (windows.find((each) => each === "day") ?? windows[0] ?? "run");
};

export function MeasureFields({ form }: { form: Form }) {
  const { kind, metric, window } = form.values;
  const windows = windowsOf(kind, metric);
  return (
    <div className={t.pair}>
      <Select
        label="Counts"
        allowDeselect={false}
        data={metricsOf(kind).map((value) => ({ value, label: METRIC_WORDS[value] }))}
        {...form.getInputProps("metric")}
        onChange={(value) => {
          const next = metricsOf(kind).find((each) => each === value);
          if (next) form.setValues({ metric: next, window: windowFor(kind, next, window) });
        }}
      />
      <Select
        label="Over"
        allowDeselect={false}
        disabled={windows.length === 1}
        data={windows.map((value) => ({ value, label: WINDOW_WORDS[value] }))}
        {...form.getInputProps("window")}
      />
    </div>
  );
}

export function LimitFields({ form }: { form: Form }) {
  const { metric, softPercent } = form.values;
  const unit = metric === "usd" ? "US dollars" : metric === "error_rate" ? "a share, 0 to 1" : METRIC_WORDS[metric];
  const may = SOFT_THEN.filter((each) => each !== "downgrade" || metric === "usd" || metric === "tokens");
  return (
    <>
      <NumberInput
        label="At most"
        description={metric === "latency_p95_ms" ? "milliseconds" : unit}
        required
        withAsterisk={false}
        min={0}
        thousandSeparator=","
        prefix={metric === "usd" ? "$" : undefined}
        allowNegative={false}
        {...form.getInputProps("amount")}
      />
      <div className={t.pair}>
        <NumberInput
          label="Soft limit at"
          description="Empty: none"
          suffix=" %"
          min={1}
          max={100}
          allowNegative={false}
          {...form.getInputProps("softPercent")}
        />
        <Select
          label="There"
          allowDeselect={false}
          disabled={softPercent === ""}
          data={may.map((value) => ({ value, label: SOFT_WORDS[value] }))}
          {...form.getInputProps("softThen")}
        />
      </div>
      <Switch
        label="Refuse what goes beyond"
        description="Off, nothing is refused: it is only watched."
        {...form.getInputProps("hard", { type: "checkbox" })}
      />
    </>
  );
}
