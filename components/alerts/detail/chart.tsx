"use client";

import { useElementSize } from "@mantine/hooks";
import type { AlertDetail } from "@/lib/alerts/schema";
import type { RuleShape } from "@/lib/detectors/schema";
import { clockUtc } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Mono } from "../../kit/text";
import { valueWords } from "../words";
import s from "./chart.module.css";

const MOST = 48;
const HEIGHT = 132;
const EDGE = { top: 16, right: 84, bottom: 20, left: 40 };
/** Labels nearer than this would stand on one another. */
const LINE = 13;

/** The value of each run it fired on, oldest first, against the threshold. Of one run there is nothing to compare. */
export function ValueChart({ of, rule }: { of: AlertDetail; rule: RuleShape | undefined }) {
  const { ref, width } = useElementSize();
  const runs = of.runs_of.slice(0, MOST).toReversed();
  if (runs.length < 2) return null;
  const top = Math.max(of.threshold, ...runs.map((r) => r.value));
  const low = Math.min(...runs.map((r) => r.value));
  const label = `${of.metric} of ${runs.length} runs, between ${valueWords(low)} and ${valueWords(top)}; the threshold is ${valueWords(of.threshold)}`;
  return (
    <Panel
      title="Value by run"
      sub={
        <>
          <Mono>{of.metric}</Mono>, {runs.length < of.runs ? `the newest ${runs.length} runs` : "every run it fired on"}
        </>
      }
    >
      <div className={s.chart}>
        <div ref={ref}>
          {width > 0 && (
            <svg width={width} height={HEIGHT} role="img" aria-label={label}>
              <Bars of={of} runs={runs} top={top} width={width} warns={rule?.warn_threshold ?? null} />
            </svg>
          )}
        </div>
      </div>
    </Panel>
  );
}

function Bars(props: {
  of: AlertDetail;
  runs: AlertDetail["runs_of"];
  top: number;
  width: number;
  warns: number | null;
}) {
  const { of, runs, top, width, warns } = props;
  const right = width - EDGE.right;
  const base = HEIGHT - EDGE.bottom;
  const y = (value: number) => EDGE.top + (1 - value / (top || 1)) * (base - EDGE.top);
  const step = (right - EDGE.left) / runs.length;
  const line = (value: number, name: string, kind: "threshold" | "warns") => (
    <g>
      <line className={s[kind]} x1={EDGE.left} x2={right} y1={y(value)} y2={y(value)} />
      <text
        className={s.mark}
        data-kind={kind}
        x={right + 6}
        y={(kind === "warns" ? Math.max(y(value), y(of.threshold) + LINE) : y(value)) + 4}
      >
        {name} {valueWords(value)}
      </text>
    </g>
  );
  const first = runs[0];
  const last = runs.at(-1);
  return (
    <>
      {[0, top].map((value) => (
        <g key={value}>
          <line className={s.grid} x1={EDGE.left} x2={right} y1={y(value)} y2={y(value)} />
          <text className={s.axis} x={EDGE.left - 8} y={y(value) + 4} textAnchor="end">
            {valueWords(value)}
          </text>
        </g>
      ))}
      {runs.map((r, n) => (
        <rect
          key={r.run_id}
          className={s.bar}
          x={EDGE.left + n * step + Math.min(4, step * 0.15)}
          width={Math.max(2, Math.min(28, step - Math.min(8, step * 0.3)))}
          y={y(r.value)}
          height={Math.max(1, base - y(r.value))}
        >
          <title>{`${r.run_id}: ${valueWords(r.value)}`}</title>
        </rect>
      ))}
      {line(of.threshold, "threshold", "threshold")}
      {warns !== null && warns < top && line(warns, "warns at", "warns")}
      {first && last && (
        <>
          <text className={s.axis} x={EDGE.left} y={HEIGHT - 4}>
            {clockUtc(new Date(first.at))}
          </text>
          <text className={s.axis} x={right} y={HEIGHT - 4} textAnchor="end">
            {clockUtc(new Date(last.at))}
          </text>
        </>
      )}
    </>
  );
}
