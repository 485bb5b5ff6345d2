"use client";

import type { ReactNode } from "react";
import { compact, duration, money } from "../../kit/numbers";
import { vars } from "../../kit/vars";
import s from "./chart.module.css";
import { REPEATS_FROM, type Turn } from "./model";
import type { Extent } from "./scale";
import type { Zoom } from "./use-zoom";

const W = 1000;
const H = 116;
const TOP = 40;
const y = (share: number) => H - 8 - share * (H - TOP - 8);

type Line = { context: string; cost: string; max: number; total: number; from: number; to: number };

function linesOf(turns: Turn[], view: Extent): Line {
  const x = (at: number) => Math.min(2 * W, Math.max(-W, ((at - view.from) / (view.to - view.from)) * W)).toFixed(1);
  const tokens = turns.map((turn) => turn.model.tokens?.input ?? 0);
  const max = Math.max(1, ...tokens);
  const total = turns.reduce((sum, turn) => sum + (turn.model.cost_usd ?? 0), 0);
  let spent = 0;
  let context = "";
  let cost = "";
  turns.forEach((turn, i) => {
    const level = y((tokens[i] ?? 0) / max).toFixed(1);
    context += i === 0 ? `M${x(turn.start)} ${level}` : `H${x(turn.start)} V${level}`;
    if (i === 0) cost = `M${x(turn.start)} ${y(0).toFixed(1)}`;
    spent += turn.model.cost_usd ?? 0;
    const ended = turn.start + (turn.model.duration_ms ?? 0);
    cost += ` L${x(ended)} ${y((total > 0 ? spent / total : 0) * 0.92).toFixed(1)}`;
  });
  return { context, cost, max, total, from: tokens[0] ?? 0, to: tokens.at(-1) ?? 0 };
}

/** The third of the same calls in a row: from here on nothing new was learnt. */
function thirdOfTheSame(turns: Turn[]): Turn | null {
  let same = 1;
  for (let i = 1; i < turns.length; i += 1) {
    const [before, turn] = [turns[i - 1], turns[i]];
    if (!before || !turn) continue;
    same = turn.signature !== null && turn.signature === before.signature ? same + 1 : 1;
    if (same === REPEATS_FROM) return turn;
  }
  return null;
}

/** Input tokens per turn and cost so far, on the same axis as the rows below. */
export function ContextChart(props: { turns: Turn[]; origin: number; zoom: Zoom; lines: ReactNode }) {
  const { turns, origin, zoom, lines } = props;
  const { view } = zoom;
  const line = linesOf(turns, view);
  const measured = turns.some((turn) => (turn.model.tokens?.input ?? 0) > 0);
  if (!measured) return null;
  const third = thirdOfTheSame(turns);
  const third_at = third ? (third.start - view.from) / (view.to - view.from) : -1;
  const grew = line.from > 0 && line.to > line.from * 1.2 ? `, ×${(line.to / line.from).toFixed(1)}` : "";
  const words = `context ${compact(line.from)} to ${compact(line.to)}${grew}`;
  const priced = line.total > 0;
  return (
    <div className={s.line}>
      <div className={s.chartName}>
        <span className={s.chartTitle}>Input tokens per turn, and cost so far</span>
        <span data-series="context">
          <i aria-hidden />
          {words}
        </span>
        <span data-series="cost">
          <i aria-hidden />
          {priced ? `cost ${money(line.total, { run: true })}` : "cost not known"}
        </span>
        <span>highest {compact(line.max)} in</span>
      </div>
      <div className={s.chart} {...zoom.handlers}>
        {lines}
        <svg
          viewBox={`0 0 ${W} ${H}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Input tokens per turn: ${words}. ${priced ? `Cost reaches ${money(line.total, { run: true })}.` : ""}`}
        >
          <path className={s.area} d={`${line.context} H${2 * W} V${H - 8} H-${W} Z`} />
          <path className={s.context} d={`${line.context} H${2 * W}`} />
          {priced && <path className={s.cost} d={line.cost} />}
        </svg>
        <span className={s.scale}>{compact(line.max)}</span>
        {third && third_at > 0 && third_at < 1 && (
          <span
            className={s.event}
            data-left={third_at > 0.5 || undefined}
            style={vars({ "--x": `${third_at * 100}%` })}
          >
            <b>{duration((third.start - origin) / 1000)}: the same call a third time</b>
          </span>
        )}
        {zoom.drag && (
          <span
            className={s.drag}
            style={vars({
              "--x": `${Math.min(zoom.drag.from, zoom.drag.to) * 100}%`,
              "--w": `${Math.abs(zoom.drag.to - zoom.drag.from) * 100}%`,
            })}
          />
        )}
      </div>
    </div>
  );
}
