"use client";

import { useElementSize } from "@mantine/hooks";
import { type Day, dayMs, type Threshold } from "./score-model";
import s from "./scores.module.css";

const HEIGHT = 122;
const EDGE = { top: 8, right: 40, bottom: 22, left: 32 };
export type Line = { version: string | null; look: number; days: Day[] };

/** One score, a line a version. What it is held to is dashed amber; a single day is a dot. */
export function ScoreChart(props: {
  name: string;
  lines: Line[];
  span: { from: number; to: number };
  threshold: Threshold | null;
}) {
  const { name, lines, span, threshold } = props;
  const { ref, width } = useElementSize();
  const values = [...lines.flatMap((l) => l.days.map((d) => d.mean)), ...(threshold ? [threshold.value] : [])];
  const floor = Math.min(0.5, Math.floor(Math.min(...values) * 4) / 4);
  const x = (t: number) => EDGE.left + ((t - span.from) / (span.to - span.from)) * (width - EDGE.left - EDGE.right);
  const y = (v: number) => EDGE.top + ((1 - v) / (1 - floor)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const ends = apart(lines.map((l) => y(l.days.at(-1)?.mean ?? 1)));
  const said = lines.map((l) => `${l.version ?? "no version"} ${l.days.at(-1)?.mean.toFixed(2)}`).join(", ");
  const ticks = [span.from, span.from + (span.to - span.from) / 2, span.to];
  return (
    <div ref={ref} className={s.chart}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${name}: ${said}${threshold ? `, held to ${threshold.value.toFixed(2)}` : ""}`}
        >
          {[floor, (1 + floor) / 2, 1].map((v) => (
            <g key={v}>
              <line className={s.grid} x1={EDGE.left} x2={width - EDGE.right} y1={y(v)} y2={y(v)} />
              <text className={s.axis} x={EDGE.left - 6} y={y(v) + 4} textAnchor="end">
                {Number(v.toFixed(3))}
              </text>
            </g>
          ))}
          {threshold && (
            <line
              className={s.threshold}
              x1={EDGE.left}
              x2={width - EDGE.right}
              y1={y(threshold.value)}
              y2={y(threshold.value)}
            />
          )}
          {lines.map((l, n) => (
            <g key={l.version ?? ""} data-look={l.look} className={s.line}>
              <path d={l.days.map((d, i) => `${i ? "L" : "M"}${x(dayMs(d.day))} ${y(d.mean)}`).join(" ")} />
              {l.days.length === 1 &&
                l.days.map((d) => <circle key={d.day} cx={x(dayMs(d.day))} cy={y(d.mean)} r="3" />)}
              <text x={width - EDGE.right + 6} y={(ends[n] ?? 0) + 4}>
                {l.days.at(-1)?.mean.toFixed(2)}
              </text>
            </g>
          ))}
          {ticks.map((t, n) => (
            <text
              key={t}
              className={s.axis}
              x={x(t)}
              y={HEIGHT - 4}
              textAnchor={n === 0 ? "start" : n === 2 ? "end" : "middle"}
            >
              {new Date(t).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })}
            </text>
          ))}
        </svg>
      )}
    </div>
  );
}

/** Labels that would stand on one another move apart. */
function apart(at: number[]): number[] {
  const order = at.map((y, n) => ({ y, n })).sort((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  const out = [...at];
  for (const { y, n } of order) {
    last = Math.max(y, last + 12);
    out[n] = last;
  }
  return out;
}
