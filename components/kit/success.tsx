import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import s from "./success.module.css";

/** The only large green surface there is: something was proven. Announced politely. */
export function SuccessStrip({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <section className={s.ok} role="status" aria-live="polite">
      <span className={s.ring}>
        <IconCheck size={26} stroke={2.6} aria-hidden />
      </span>
      <div>
        <h1>{title}</h1>
        {children && <p>{children}</p>}
      </div>
      {action}
    </section>
  );
}

/** Something is awaited: a turning mark, what, and for how long. */
export function Waiting({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={s.wait}>
      <div className={s.waitTitle} role="status">
        <i aria-hidden />
        {title}
      </div>
      {children && <p>{children}</p>}
    </div>
  );
}
