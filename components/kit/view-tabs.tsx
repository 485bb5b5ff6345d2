"use client";

import Link from "next/link";
import { type ReactNode, useEffect, useRef } from "react";
import s from "./view-tabs.module.css";

export type View = { id: string; label: string; count?: ReactNode; href?: string };

/** Saved views (`boxed`) or the parts of one thing (`underline`). With `href` they are links. */
export function ViewTabs(props: {
  label: string;
  views: View[];
  value: string;
  onChange?: (id: string) => void;
  look?: "boxed" | "underline";
  right?: ReactNode;
}) {
  const { label, views, value, onChange, look = "boxed", right } = props;
  const row = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the chosen one may stand outside of what is seen
  useEffect(() => {
    const on = row.current?.querySelector<HTMLElement>("[data-on]");
    if (row.current && on && on.offsetLeft + on.offsetWidth > row.current.offsetLeft + row.current.clientWidth)
      row.current.scrollLeft = on.offsetLeft - row.current.offsetLeft - 12;
  }, [value]);
  return (
    <nav className={s.tabs} data-look={look} aria-label={label} ref={row}>
      {views.map((view) => {
        const on = view.id === value;
        const inner = (
          <>
            {view.label}
            {view.count !== undefined && <small>{view.count}</small>}
          </>
        );
        return view.href ? (
          <Link
            key={view.id}
            className={s.tab}
            href={view.href}
            data-on={on || undefined}
            aria-current={on ? "page" : undefined}
            scroll={false}
          >
            {inner}
          </Link>
        ) : (
          <button
            key={view.id}
            type="button"
            className={s.tab}
            data-on={on || undefined}
            aria-pressed={on}
            onClick={() => onChange?.(view.id)}
          >
            {inner}
          </button>
        );
      })}
      {right && <div className={s.right}>{right}</div>}
    </nav>
  );
}
