"use client";

import "@mantine/charts/styles.layer.css";
import { BarChart, LineChart } from "@mantine/charts";
import type { LineColor, LineSeries, StopReasonPoint } from "./chart-types";
import { FAMILY_LABELS, type Family } from "./stop-reasons";

const AXIS = { fontSize: 11, tickMargin: 6, axisLine: false } as const;
const every = (count: number) => Math.max(0, Math.ceil(count / 6) - 1);

export function Bars({
  height,
  points,
  families,
}: {
  height: number;
  points: StopReasonPoint[];
  families: readonly Family[];
}) {
  return (
    <BarChart
      h={height}
      data={points.map((point) => ({ at: point.at, ...point.counts }))}
      dataKey="at"
      type="stacked"
      series={families.map((family) => ({
        name: family,
        label: FAMILY_LABELS[family],
        color: `var(--il-c-${family})`,
      }))}
      gridAxis="x"
      gridColor="var(--il-grid)"
      textColor="var(--il-text-3)"
      tickLine="none"
      strokeDasharray="0"
      withTooltip={false}
      barProps={{ isAnimationActive: false, maxBarSize: 20 }}
      barChartProps={{
        margin: { top: 4, right: 0, bottom: 0, left: 0 },
        barCategoryGap: "22%",
        accessibilityLayer: false,
      }}
      xAxisProps={{ ...AXIS, interval: every(points.length) }}
      yAxisProps={{ ...AXIS, width: 32, tickCount: 4, allowDecimals: false }}
    />
  );
}

const COLORS: Record<LineColor, string> = {
  accent: "var(--il-accent)",
  quiet: "var(--il-pause)",
  tool: "var(--il-c-tool)",
  loop: "var(--il-c-loop)",
  budget: "var(--il-c-budget)",
  refused: "var(--il-c-refused)",
  person: "var(--il-c-person)",
  run: "var(--il-run)",
};

export function LineDrawing(props: {
  height: number;
  data: Record<string, number | string | null>[];
  series: LineSeries[];
  format: (n: number) => string;
  threshold?: { value: number; label: string };
}) {
  const { height, data, series, format, threshold } = props;
  return (
    <LineChart
      h={height}
      data={data}
      dataKey="at"
      series={series.map((each, index) => ({
        name: each.key,
        label: each.label,
        color: COLORS[each.color ?? "accent"],
        strokeDasharray: (each.dashed ?? index > 0) ? "5 3" : undefined,
      }))}
      curveType="linear"
      strokeWidth={1.75}
      withDots={false}
      withTooltip={false}
      gridAxis="x"
      gridColor="var(--il-grid)"
      textColor="var(--il-text-3)"
      tickLine="none"
      strokeDasharray="0"
      valueFormatter={format}
      lineProps={{ isAnimationActive: false }}
      lineChartProps={{ margin: { top: 6, right: 4, bottom: 0, left: 0 }, accessibilityLayer: false }}
      referenceLines={
        threshold
          ? [{ y: threshold.value, label: threshold.label, color: "var(--il-accent)", strokeDasharray: "4 3" }]
          : undefined
      }
      xAxisProps={{ ...AXIS, interval: every(data.length) }}
      yAxisProps={{ ...AXIS, width: 44, tickCount: 4 }}
    />
  );
}
