import { IconAlertCircle, IconAlertTriangle, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import s from "./checks.module.css";

const STATES = {
  ok: { Icon: IconCircleCheck, word: "met" },
  open: { Icon: IconCircleDashed, word: "open" },
  warn: { Icon: IconAlertTriangle, word: "warning" },
  no: { Icon: IconAlertCircle, word: "not met" },
} as const;

export type Check = {
  id: string;
  state: keyof typeof STATES;
  what: ReactNode;
  why?: ReactNode;
  /** The one link or button that resolves it. */
  right?: ReactNode;
};

/** Conditions, one a line: gates, problems, the steps of a connection. `live` announces what changes. */
export function Checks({ items, live }: { items: Check[]; live?: boolean }) {
  return (
    <ul className={s.checks} aria-live={live ? "polite" : undefined}>
      {items.map((item) => {
        const { Icon, word } = STATES[item.state];
        return (
          <li key={item.id} data-state={item.state}>
            <Icon size={16} aria-hidden />
            <div>
              <span className="il-sr">{word}: </span>
              <b>{item.what}</b>
              {item.why && <small>{item.why}</small>}
            </div>
            {item.right && <div className={s.right}>{item.right}</div>}
          </li>
        );
      })}
    </ul>
  );
}
