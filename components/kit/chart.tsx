"use client";

import { SegmentedControl } from "@mantine/core";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import s from "./chart.module.css";
import type { LineSeries, StopReasonPoint } from "./chart-types";
import { integer } from "./numbers";
import { Panel } from "./panel";
import { FAMILIES, FAMILY_LABELS, type Family } from "./stop-reasons";
import { vars } from "./vars";

/* Recharts weighs more than a page: it comes only where a chart is seen. */
const Bars = dynamic(() => import("./chart-drawing").then((module) => module.Bars), { ssr: false });
const LineDrawing = dynamic(() => import("./chart-drawing").then((module) => module.LineDrawing), { ssr: false });

/** Runs by stop reason over time. `at` is the tick's text ("10:00"). Success hides everything else, so it is one switch away. */
export function StopReasonChart(props: {
  title?: string;
  sub?: ReactNode;
  points: StopReasonPoint[];
  height?: number;
  defaultAll?: boolean;
}) {
  const { title = "Runs by stop reason", sub, points, height = 148, defaultAll = false } = props;
  const [all, setAll] = useState(defaultAll);
  const families = FAMILIES.filter((family) => all || family !== "success");
  const total = (family: Family) => points.reduce((sum, point) => sum + (point.counts[family] ?? 0), 0);
  const totals = families.map((family) => ({ family, n: total(family) }));
  return (
    <Panel
      title={title}
      sub={sub}
      right={
        <SegmentedControl
          aria-label="Which runs"
          value={all ? "all" : "rest"}
          onChange={(value) => setAll(value === "all")}
          data={[
            { value: "rest", label: "Not success" },
            { value: "all", label: "All" },
          ]}
        />
      }
    >
      <div
        className={s.chart}
        style={vars({ "--h": `${height}px` })}
        role="img"
        aria-label={`${title}: ${totals.map(({ family, n }) => `${FAMILY_LABELS[family]} ${n}`).join(", ")}`}
      >
        <Bars height={height} points={points} families={families} />
      </div>
      <ul className={s.legend}>
        {totals.map(({ family, n }) => (
          <li key={family} data-fam={family}>
            <i aria-hidden />
            {FAMILY_LABELS[family]} <b>{integer(n)}</b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** A small line chart. Two series are labelled in the legend with their last value; a threshold is a dashed accent. */
export function Lines(props: {
  label: string;
  data: ({ at: string } & Record<string, number | string | null>)[];
  series: LineSeries[];
  height?: number;
  format?: (n: number) => string;
  threshold?: { value: number; label: string };
}) {
  const { label, data, series, height = 120, format = integer, threshold } = props;
  const last = (key: string) => {
    const value = data.at(-1)?.[key];
    return typeof value === "number" ? format(value) : "–";
  };
  const said = series.map((each) => `${each.label} now ${last(each.key)}`).join(", ");
  return (
    <figure>
      <div
        className={s.lines}
        style={vars({ "--h": `${height}px` })}
        role="img"
        aria-label={`${label}: ${said}${threshold ? `, ${threshold.label} ${format(threshold.value)}` : ""}`}
      >
        <LineDrawing height={height} data={data} series={series} format={format} threshold={threshold} />
      </div>
      <figcaption>
        <ul className={s.legend} data-lines>
          {series.map((each, index) => (
            <li
              key={each.key}
              data-color={each.color ?? "accent"}
              data-dashed={(each.dashed ?? index > 0) || undefined}
            >
              <i aria-hidden />
              {each.label} <b>{last(each.key)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
