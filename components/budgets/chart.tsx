"use client";

import { useElementSize } from "@mantine/hooks";
import type { BudgetDetailShape } from "@/lib/budgets/schema";
import { useClock } from "../kit/time";
import s from "./chart.module.css";
import { type Plan, type Point, planOf } from "./chart-model";
import { amountWords, whenWords } from "./words";

const HEIGHT = 220;
const EDGE = { top: 16, bottom: 24, left: 52 };
const NARROW = 480;

/** Spent so far, the usual pace, what is to come at the pace of the last hour, and both limits. */
export function BudgetChart({ of, name }: { of: BudgetDetailShape; name: string }) {
  const { ref, width } = useElementSize();
  // a minute moves nothing that can be seen
  const now = Number(useClock((at) => String(Math.floor(at / 60_000) * 60_000), "0"));
  const plan = now > 0 ? planOf(of, now) : null;
  const say = (n: number) => amountWords(of.metric, n);
  const said = [
    `spent ${say(of.usage.spent)} of ${say(of.amount)}`,
    ...(plan?.marks.map((each) => `forecast reaches the ${each.limit} limit at ${whenWords(iso(each.t), now)}`) ?? []),
  ].join(", ");
  return (
    <div ref={ref} className={s.chart}>
      {plan && width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={`${name}: ${said}`}>
          <Drawing plan={plan} width={width} now={now} say={say} window={of.window} />
        </svg>
      )}
    </div>
  );
}

const iso = (t: number): string => new Date(t).toISOString();

function Drawing(props: { plan: Plan; width: number; now: number; say: (n: number) => string; window: string }) {
  const { plan, width, now, say, window } = props;
  const narrow = width < NARROW;
  const right = narrow ? 12 : 96;
  const x = (t: number) => EDGE.left + ((t - plan.from) / (plan.to - plan.from)) * (width - EDGE.left - right);
  const y = (v: number) => EDGE.top + (1 - v / plan.top) * (HEIGHT - EDGE.top - EDGE.bottom);
  const line = (points: Point[]) => points.map((p, n) => `${n ? "L" : "M"}${x(p.t)} ${y(p.v)}`).join(" ");
  const last = plan.spent.at(-1) ?? { t: plan.from, v: 0 };
  const end = x(plan.to);
  const tick = (t: number) => (window === "month" ? dayOf(t) : clockOf(t, plan));
  const limits = [
    { key: "soft", v: plan.soft },
    { key: "hard", v: plan.hard },
  ] as const;
  return (
    <>
      <defs>
        <pattern id="budget-ahead" width="5" height="5" patternTransform="rotate(25)" patternUnits="userSpaceOnUse">
          <rect className={s.hatch} width="2" height="5" />
        </pattern>
      </defs>
      {plan.ticksY.map((v) => (
        <g key={v}>
          <line className={s.grid} x1={EDGE.left} x2={end} y1={y(v)} y2={y(v)} />
          <text className={s.axis} x={EDGE.left - 8} y={y(v) + 4} textAnchor="end">
            {say(v).replace(".00", "")}
          </text>
        </g>
      ))}
      {plan.ticksX.map((t, n) => (
        <text
          key={t}
          className={s.axis}
          x={x(t)}
          y={HEIGHT - 6}
          textAnchor={n === 0 ? "start" : narrow && t === plan.to ? "end" : "middle"}
        >
          {tick(t)}
        </text>
      ))}
      {plan.ahead && (
        <>
          <path
            fill="url(#budget-ahead)"
            d={`${line(plan.ahead)} L${x(plan.ahead[1].t)} ${y(0)} L${x(plan.ahead[0].t)} ${y(0)} Z`}
          />
          <path className={s.ahead} d={line(plan.ahead)} />
        </>
      )}
      {plan.usual.length > 1 && <path className={s.usual} d={line(plan.usual)} />}
      <path className={s.area} d={`${line(plan.spent)} L${x(last.t)} ${y(0)} L${x(plan.from)} ${y(0)} Z`} />
      <path className={s.spent} d={line(plan.spent)} />
      {limits.map(
        ({ key, v }) =>
          v !== null && (
            <g key={key} data-limit={key} className={s.limit}>
              <line x1={EDGE.left} x2={end} y1={y(v)} y2={y(v)} />
              {!narrow && (
                <text x={end + 6} y={y(v) + 4}>
                  {key} {say(v)}
                </text>
              )}
            </g>
          ),
      )}
      <line className={s.now} x1={x(last.t)} x2={x(last.t)} y1={EDGE.top} y2={y(0)} />
      <circle className={s.dot} cx={x(last.t)} cy={y(last.v)} r="3.5" />
      <text
        className={s.value}
        x={x(last.t) + (x(last.t) < 140 ? 8 : -8)}
        y={Math.max(EDGE.top + 4, y(last.v) - 8)}
        textAnchor={x(last.t) < 140 ? "start" : "end"}
      >
        {say(last.v)}
      </text>
      {plan.marks.map((each) => (
        <g key={each.limit} data-limit={each.limit} className={s.mark}>
          <circle cx={x(each.t)} cy={y(each.v)} r="3.5" />
          <text x={x(each.t) - 7} y={y(each.v) - 6} textAnchor="end">
            {whenWords(iso(each.t), now)}
          </text>
        </g>
      ))}
    </>
  );
}

const dayOf = (t: number): string => `${new Date(t).getUTCDate()}.`;
/** The end of a day is 24:00, as on a timetable. */
const clockOf = (t: number, plan: Plan): string =>
  t === plan.to && plan.to - plan.from > 3_600_000 ? "24:00" : iso(t).slice(11, 16);
