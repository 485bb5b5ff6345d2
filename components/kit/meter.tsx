import s from "./meter.module.css";
import { OBEDIENCE, type ObedienceState } from "./status";
import { cx, vars } from "./vars";

const share = (n: number) => `${Math.min(1, Math.max(0, n)) * 100}%`;
const words = (n: number) => `${Math.round(n * 100)} %`;

/** Fractions of the scale: `value` solid, `forecast` hatched, soft limit an amber tick, hard limit a red one. */
export function Meter(props: {
  label: string;
  value: number;
  forecast?: number;
  soft?: number;
  hard?: number;
  tone?: "accent" | "quiet" | "good" | "warn" | "bad";
}) {
  const { label, value, forecast, soft, hard, tone = "accent" } = props;
  const said = [
    words(value),
    forecast && `forecast ${words(forecast)}`,
    soft && `soft limit ${words(soft)}`,
    hard && `hard limit ${words(hard)}`,
  ];
  return (
    <div className={s.meter} data-tone={tone} role="img" aria-label={`${label}: ${said.filter(Boolean).join(", ")}`}>
      {forecast !== undefined && forecast > value && (
        <u style={vars({ "--from": share(value), "--v": share(forecast - value) })} />
      )}
      <b style={vars({ "--from": "0%", "--v": share(value) })} />
      {soft !== undefined && <em data-limit="soft" style={vars({ "--at": share(soft) })} />}
      {hard !== undefined && <em data-limit="hard" style={vars({ "--at": share(hard) })} />}
    </div>
  );
}

/** Spent solid, unsettled amber hatching, held lighter, forecast grey hatching; always in this order. */
export function SpendBar(props: {
  label: string;
  spent: number;
  unsettled?: number;
  held?: number;
  forecast?: number;
  soft?: number;
  hard?: number;
}) {
  const { label, spent, unsettled = 0, held = 0, forecast, soft, hard } = props;
  const end = spent + unsettled + held;
  const said = [
    `spent ${words(spent)}`,
    unsettled > 0 && `unsettled ${words(unsettled)}`,
    held > 0 && `held ${words(held)}`,
    forecast && `forecast ${words(forecast)}`,
    soft && `soft limit ${words(soft)}`,
    hard && `hard limit ${words(hard)}`,
  ];
  return (
    <div
      className={cx(s.meter, s.spend)}
      data-tone="accent"
      role="img"
      aria-label={`${label}: ${said.filter(Boolean).join(", ")}`}
    >
      {forecast !== undefined && forecast > end && (
        <u style={vars({ "--from": share(end), "--v": share(forecast - end) })} />
      )}
      <b style={vars({ "--from": "0%", "--v": share(spent) })} />
      {unsettled > 0 && <s style={vars({ "--from": share(spent), "--v": share(unsettled) })} />}
      {held > 0 && <i style={vars({ "--from": share(spent + unsettled), "--v": share(held) })} />}
      {soft !== undefined && <em data-limit="soft" style={vars({ "--at": share(soft) })} />}
      {hard !== undefined && <em data-limit="hard" style={vars({ "--at": share(hard) })} />}
    </div>
  );
}

/** One cell per instance, never a percentage. */
export function ObedienceCells({
  instances,
  label,
}: {
  instances: { id: string; state: ObedienceState }[];
  label?: string;
}) {
  const counts = new Map<string, number>();
  for (const each of instances)
    counts.set(OBEDIENCE[each.state].word, (counts.get(OBEDIENCE[each.state].word) ?? 0) + 1);
  const said = [...counts].map(([word, n]) => `${n} ${word}`).join(", ");
  return (
    <div className={s.cells} role="img" aria-label={`${label ?? `${instances.length} instances`}: ${said || "none"}`}>
      {instances.map((each) => (
        <i key={each.id} data-state={each.state} title={`${each.id}: ${OBEDIENCE[each.state].word}`} />
      ))}
    </div>
  );
}

/** How far something has come: a count of a whole, the rest hatched. */
export function ProgressBar({ label, done, of }: { label: string; done: number; of: number }) {
  const part = of > 0 ? done / of : 0;
  return (
    <div className={s.progress} role="img" aria-label={`${label}: ${done} of ${of}`}>
      {done > 0 && <b style={vars({ "--v": share(part) })} />}
      {done < of && <u />}
    </div>
  );
}
