import type { ReactNode } from "react";
import s from "./panel.module.css";
import { cx, vars } from "./vars";

/** Border, 40 px head, body. Never a panel in a panel: divide with hairlines. */
export function Panel(props: {
  title?: ReactNode;
  sub?: ReactNode;
  right?: ReactNode;
  foot?: ReactNode;
  /** Pads the body; tables and lists pad themselves. */
  padded?: boolean;
  label?: string;
  children: ReactNode;
  className?: string;
}) {
  const { title, sub, right, foot, padded, label, children, className } = props;
  return (
    <section className={cx(s.panel, className)} aria-label={label}>
      {(title || right) && (
        <header className={s.head}>
          {title && <h2>{title}</h2>}
          {sub && <span className={s.sub}>{sub}</span>}
          {right && <div className={s.right}>{right}</div>}
        </header>
      )}
      {padded ? <div className={s.pad}>{children}</div> : children}
      {foot && <footer className={s.foot}>{foot}</footer>}
    </section>
  );
}

/** Title of a page: `meta` beside it, `children` are its actions, `trail` stands above. */
export function PageHead({
  title,
  meta,
  trail,
  children,
}: {
  title: ReactNode;
  meta?: ReactNode;
  trail?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={s.pageHead}>
      {trail && <div className={s.trail}>{trail}</div>}
      <h1 className={s.title}>{title}</h1>
      {meta && <div className={s.meta}>{meta}</div>}
      {children && <div className={s.right}>{children}</div>}
    </div>
  );
}

export type Figure = {
  label: string;
  value: ReactNode;
  /** Beside the figure, small. */
  unit?: ReactNode;
  /** One line of meaning below. */
  note?: ReactNode;
  tone?: "warn" | "bad";
  /** Share of the width, 1 by default. */
  wide?: number;
  href?: string;
};

/** One panel, columns split by hairlines; at most six. `large` is for an overview. */
export function Figures({
  items,
  large,
  bare,
  label,
}: {
  items: Figure[];
  large?: boolean;
  bare?: boolean;
  label?: string;
}) {
  const columns = items.map((item) => `minmax(0, ${item.wide ?? 1}fr)`).join(" ");
  return (
    <dl
      className={cx(s.figures, !bare && s.panel)}
      data-large={large || undefined}
      data-odd={items.length % 2 === 1 || undefined}
      aria-label={label}
      style={vars({ "--columns": columns })}
    >
      {items.map((item) => (
        <div key={item.label}>
          <dt className={s.label}>{item.label}</dt>
          <dd className={s.figure} data-tone={item.tone}>
            {item.href ? <a href={item.href}>{item.value}</a> : item.value}
            {item.unit && <small>{item.unit}</small>}
          </dd>
          {item.note && <dd className={s.note}>{item.note}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** Facts in a row, as under the title of a run; three columns on a phone. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className={s.facts}>
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Term and value, one a line. */
export function KeyValue({
  items,
  padded,
}: {
  items: { term: ReactNode; value: ReactNode; id?: string }[];
  padded?: boolean;
}) {
  return (
    <dl className={cx(s.kv, padded && s.pad)}>
      {items.map((item, index) => (
        <div key={item.id ?? (typeof item.term === "string" ? item.term : index)}>
          <dt>{item.term}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
