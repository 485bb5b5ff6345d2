"use client";

import { Slider } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BacktestShape } from "@/lib/detectors/schema";
import { usePlace } from "../../frame/place";
import { counted, integer, percent } from "../../kit/numbers";
import { Figures, Panel } from "../../kit/panel";
import { Empty, Loading } from "../../kit/states";
import { Dim } from "../../kit/text";
import { Problem } from "../../runs/problem";
import { backtestQuery } from "../queries";
import { dayWords } from "../words";
import s from "./backtest.module.css";
import { BacktestChart } from "./backtest-chart";
import { axisWords, placeOf } from "./backtest-model";
import { Fired } from "./fired";
import { conditionOf, type Draft } from "./rule-draft";

/** The draft over the last 30 days, by the code that judges live. The slider and the sentence move the same threshold. */
export function Backtest({ slug, draft, set }: { slug: string; draft: Draft; set: (threshold: number) => void }) {
  const { environment } = usePlace();
  const [rule] = useDebouncedValue(conditionOf(draft), 400);
  const tested = useQuery({ ...backtestQuery(environment.slug, slug, rule), enabled: rule.threshold !== undefined });
  const of = tested.data;
  return (
    <Panel
      title="Back-test"
      sub={
        of &&
        `${dayWords(of.from)} to ${dayWords(of.to)}, ${of.complete ? "" : "the newest "}${counted(of.runs, "run")}`
      }
      right={tested.isFetching && of ? <Dim>testing…</Dim> : undefined}
    >
      {tested.isError && !of ? (
        <Problem
          title="The rule could not be tested"
          error={tested.error}
          path={`POST /api/v1/rules/${slug}/backtest`}
          onRetry={() => void tested.refetch()}
        />
      ) : rule.threshold === undefined ? (
        <Empty bare title="How much is too much?">
          Type a threshold into the sentence, and this shows on which runs of the last 30 days the rule would have
          fired.
        </Empty>
      ) : !of ? (
        <Loading what="the back-test" shape="rows" rows={5} />
      ) : of.runs - of.without_data === 0 ? (
        <Empty bare title={of.runs === 0 ? "No run to test it on" : "None of these runs has its data"}>
          {of.runs === 0
            ? "In the last 30 days no run of this scope was seen. Once there are some, this shows on which of them the rule would have fired."
            : `${counted(of.runs, "run")} of the last 30 days were looked at, and none has what ${draft.metric} needs.`}
        </Empty>
      ) : (
        <Tested of={of} draft={draft} set={set} stale={tested.isPlaceholderData} />
      )}
    </Panel>
  );
}

function Tested({
  of,
  draft,
  set,
  stale,
}: {
  of: BacktestShape;
  draft: Draft;
  set: (n: number) => void;
  stale: boolean;
}) {
  const { slug } = usePlace().environment;
  const [held, hold] = useState<number | null>(null);
  const own = placeOf(of.curve, draft.threshold === "" ? 0 : draft.threshold);
  const at = Math.min(held ?? own, of.curve.length - 1);
  const point = of.curve[at];
  const less = draft.op.startsWith("<");
  return (
    <div data-stale={stale || undefined} className={s.tested}>
      <Figures
        bare
        label="Back-test"
        items={[
          {
            label: "Would have fired",
            value: integer(point?.fired),
            unit: `of ${counted(of.runs - of.without_data, "run")}`,
          },
          {
            label: "On runs that succeeded",
            value: integer(point?.fired_on_success),
            unit: of.successes > 0 ? `${percent((point?.fired_on_success ?? 0) / of.successes)} of them` : undefined,
            tone: (point?.fired_on_success ?? 0) > 0 ? "warn" : undefined,
          },
          {
            label: "Without its data",
            value: integer(of.without_data),
            unit: of.without_data > 0 ? "not judged" : undefined,
          },
        ]}
      />
      <BacktestChart curve={of.curve} at={at} />
      <div className={s.slide}>
        <Slider
          thumbLabel="Threshold"
          disabled={of.curve.length < 2}
          min={0}
          max={Math.max(1, of.curve.length - 1)}
          step={1}
          label={(n) => axisWords(of.curve[n]?.threshold ?? 0)}
          value={at}
          onChange={hold}
          onChangeEnd={(n) => {
            const next = of.curve[n]?.threshold;
            hold(null);
            if (next !== undefined) set(next);
          }}
        />
        <ul className={s.legend} aria-label="Legend">
          <li data-of="fired">would have fired</li>
          <li data-of="success">of these, ended in success</li>
          <li data-of="threshold">threshold; {less ? "higher fires on more" : "lower fires on more"}</li>
        </ul>
      </div>
      <Fired of={of} slug={slug} />
    </div>
  );
}
