import type { ReactNode } from "react";
import s from "./layout.module.css";
import { cx, vars } from "./vars";

/** The frame of a page: its padding and the gap between panels. `flush` leaves both to the page. */
export function Page({ children, flush, className }: { children: ReactNode; flush?: boolean; className?: string }) {
  return <div className={cx(flush ? s.flush : s.page, className)}>{children}</div>;
}

/** A wide and a narrow column; one below 1080 px, the narrow one below unless `sideFirst`. */
export function Split({
  children,
  side = 356,
  even,
  sideFirst,
}: {
  children: ReactNode;
  side?: number;
  even?: boolean;
  sideFirst?: boolean;
}) {
  return (
    <div
      className={s.split}
      data-even={even || undefined}
      data-side-first={sideFirst || undefined}
      style={vars({ "--side": `${side}px` })}
    >
      {children}
    </div>
  );
}

export function Column({ children }: { children: ReactNode }) {
  return <div className={s.column}>{children}</div>;
}

/** A row of actions or marks that wraps. */
export function Row({ children, gap = 8, apart }: { children: ReactNode; gap?: number; apart?: boolean }) {
  return (
    <div className={s.row} data-apart={apart || undefined} style={vars({ "--gap": `${gap}px` })}>
      {children}
    </div>
  );
}
