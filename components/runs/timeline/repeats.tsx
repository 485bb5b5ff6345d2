import { compact, duration, money } from "../../kit/numbers";
import { vars } from "../../kit/vars";
import s from "./inspector.module.css";
import { costOf, type Node, REPEATS_FROM, spansIn } from "./model";

/** One bar per repeat: the context each was asked with, or how long it took where no model says. */
export function Repeats({ node }: { node: Node }) {
  const each = node.children.map((child) => {
    const spans = spansIn(child);
    return {
      id: child.id,
      tokens: Math.max(0, ...spans.map((span) => span.tokens?.input ?? 0)),
      ms: child.end - child.start,
    };
  });
  const byTokens = each.some((one) => one.tokens > 0);
  const values = each.map((one) => (byTokens ? one.tokens : one.ms));
  const most = Math.max(1, ...values);
  const say = (n: number) => (byTokens ? compact(n) : duration(n / 1000));
  const wasted = costOf(node.children.slice(1).flatMap(spansIn));
  return (
    <section>
      <h3>
        Each repeat <span>{byTokens ? "input tokens" : "time"}</span>
      </h3>
      <div
        className={s.ticks}
        role="img"
        aria-label={`From ${say(values[0] ?? 0)} to ${say(values.at(-1) ?? 0)} in ${values.length} repeats`}
      >
        {each.map((one, i) => (
          <i
            key={one.id}
            data-late={i >= REPEATS_FROM - 1 || undefined}
            style={vars({ "--h": `${Math.max(6, ((values[i] ?? 0) / most) * 100)}%` })}
          />
        ))}
      </div>
      <p className={s.note}>
        {say(values[0] ?? 0)} at the first, {say(values.at(-1) ?? 0)} at the last.
        {wasted > 0 && ` All after the first cost ${money(wasted, { run: true })}.`}
      </p>
    </section>
  );
}
