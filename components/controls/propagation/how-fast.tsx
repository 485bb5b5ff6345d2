import type { PropagationShape } from "@/lib/controls/schema";
import { duration } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import s from "./propagation.module.css";

const W = 380;
const H = 120;
const LEFT = 44;
const RIGHT = 8;
const TOP = 18;
const BOTTOM = 22;
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

const y = (share: number) => TOP + (1 - share) * (H - TOP - BOTTOM);

/** A line that rises by one at each of the times and stays to the end. */
function stairs(lags: number[], of: number, x: (ms: number) => number, end: number): string {
  const sorted = [...lags].sort((a, b) => a - b);
  return `M${x(0)} ${y(0)}${sorted.map((ms, i) => ` H${x(ms).toFixed(1)} V${y((i + 1) / of).toFixed(1)}`).join("")} H${x(end)}`;
}

/** Share of instances that have seen it and of runs that have confirmed it, over the time since the request. */
export function HowFast({ data }: { data: PropagationShape }) {
  const seen = data.instances.flatMap((each) => each.lag_ms ?? []);
  const confirmed = data.runs.confirmed_lag_ms;
  const last = Math.max(1_000, ...seen, ...confirmed) * 1.08;
  const step = (STEPS_S.find((each) => last / 1000 / each <= 4) ?? 7_200) * 1000;
  const x = (ms: number) => LEFT + (ms / last) * (W - LEFT - RIGHT);
  const ticks = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  const instances = data.instances.length;
  const runs = data.runs.requested;
  const words = [
    instances > 0 ? `${seen.length} of ${instances} instances seen` : null,
    runs > 0 ? `${data.runs.confirmed} of ${runs} runs confirmed` : null,
  ].filter(Boolean);
  return (
    <Panel title="How fast" sub="share since the request">
      {words.length === 0 || (seen.length === 0 && confirmed.length === 0) ? (
        <p className={s.quiet}>
          {words.length === 0 ? "Nobody was there to be told." : "Nothing has been measured yet."}
        </p>
      ) : (
        <figure className={s.chart}>
          <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={words.join(", ")}>
            {[0, 0.5, 1].map((share) => (
              <g key={share}>
                <line className={s.grid} x1={LEFT} x2={W - RIGHT} y1={y(share)} y2={y(share)} />
                <text x={LEFT - 6} y={y(share) + 4} textAnchor="end">
                  {share * 100}
                  {share === 1 ? " %" : ""}
                </text>
              </g>
            ))}
            {ticks.map((tick) => (
              <text key={tick} x={x(tick)} y={H - 4} textAnchor={tick === 0 ? "start" : "middle"}>
                {tick === 0 ? "0 s" : duration(tick / 1000).replace(".0 s", " s")}
              </text>
            ))}
            {runs > 0 && <path className={s.confirmed} d={stairs(confirmed, runs, x, last)} />}
            {instances > 0 && <path className={s.seen} d={stairs(seen, instances, x, last)} />}
          </svg>
          <figcaption>
            {instances > 0 && (
              <span data-line="seen">
                <i aria-hidden />
                seen {seen.length} of {instances}
              </span>
            )}
            {runs > 0 && (
              <span data-line="confirmed">
                <i aria-hidden />
                confirmed {data.runs.confirmed} of {runs}
              </span>
            )}
          </figcaption>
        </figure>
      )}
    </Panel>
  );
}
