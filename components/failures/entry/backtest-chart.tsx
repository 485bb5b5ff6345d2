"use client";

import { useElementSize } from "@mantine/hooks";
import { counted } from "../../kit/numbers";
import s from "./backtest.module.css";
import { axisWords, type CurvePoint, ticksOf } from "./backtest-model";

const HEIGHT = 196;
const EDGE = { top: 22, right: 14, bottom: 36, left: 40 };

/** How many runs would have fired at each threshold; each step is a threshold at which the answer changes. */
export function BacktestChart({ curve, at }: { curve: readonly CurvePoint[]; at: number }) {
  const { ref, width } = useElementSize();
  const chosen = curve[at];
  const said = chosen
    ? `Runs that would have fired at each threshold: ${counted(chosen.fired, "run")} at ${axisWords(chosen.threshold)}, ${chosen.fired_on_success} of them successful`
    : "Runs that would have fired at each threshold";
  return (
    <div className={s.chart}>
      <div ref={ref}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={said}>
            <Drawing curve={curve} at={at} width={width} />
          </svg>
        )}
      </div>
    </div>
  );
}

function Drawing({ curve, at, width }: { curve: readonly CurvePoint[]; at: number; width: number }) {
  const ticks = ticksOf(Math.max(...curve.map((p) => p.fired)));
  const top = ticks.at(-1) ?? 1;
  const right = width - EDGE.right;
  const step = (right - EDGE.left) / Math.max(1, curve.length - 1);
  const x = (n: number) => EDGE.left + n * step;
  const y = (v: number) => EDGE.top + (1 - v / top) * (HEIGHT - EDGE.top - EDGE.bottom);
  // Each value holds from its threshold up to the next: the thumb of the slider stands under the line.
  const stairs = (of: (p: CurvePoint) => number) =>
    curve
      .map(
        (p, n) => `${n === 0 ? "M" : "L"}${x(n)} ${y(of(p))} L${n === curve.length - 1 ? right : x(n + 1)} ${y(of(p))}`,
      )
      .join(" ");
  const fired = stairs((p) => p.fired);
  const labels = Math.max(1, Math.ceil(curve.length / Math.max(2, Math.floor(width / 80))));
  const here = x(at);
  const chosen = curve[at];
  return (
    <>
      {ticks.map((v) => (
        <g key={v}>
          <line className={s.grid} x1={EDGE.left} x2={right} y1={y(v)} y2={y(v)} />
          <text className={s.axis} x={EDGE.left - 8} y={y(v) + 4} textAnchor="end">
            {axisWords(v)}
          </text>
        </g>
      ))}
      {curve.map(
        (p, n) =>
          n % labels === 0 && (
            <text
              key={p.threshold}
              className={s.axis}
              x={x(n)}
              y={HEIGHT - 20}
              textAnchor={n === 0 ? "start" : n === curve.length - 1 ? "end" : "middle"}
            >
              {axisWords(p.threshold)}
            </text>
          ),
      )}
      <text className={s.axis} x={EDGE.left} y={HEIGHT - 4}>
        threshold
      </text>
      <path className={s.area} d={`${fired} L${right} ${y(0)} L${EDGE.left} ${y(0)} Z`} />
      <path className={s.fired} d={fired} />
      <path className={s.success} d={stairs((p) => p.fired_on_success)} />
      {chosen && (
        <>
          <line className={s.threshold} x1={here} x2={here} y1={EDGE.top - 6} y2={y(0)} />
          <circle className={s.dot} cx={here} cy={y(chosen.fired)} r="3.5" />
          <text
            className={s.mark}
            x={here + (here > width / 2 ? -7 : 7)}
            y={EDGE.top - 8}
            textAnchor={here > width / 2 ? "end" : "start"}
          >
            {counted(chosen.fired, "run")} at {axisWords(chosen.threshold)}
          </text>
        </>
      )}
    </>
  );
}
