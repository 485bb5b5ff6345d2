import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconUserX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import s from "./note.module.css";

const ICONS = { plain: IconInfoCircle, warn: IconAlertTriangle, bad: IconUserX, good: IconCircleCheck } as const;

/** One strip a page, above what it is about. `flat` is the form inside a panel; `right` holds the one link. */
export function Note(props: {
  tone?: keyof typeof ICONS;
  icon?: ReactNode;
  flat?: boolean;
  right?: ReactNode;
  children: ReactNode;
}) {
  const { tone = "plain", icon, flat, right, children } = props;
  const Icon = ICONS[tone];
  return (
    <div className={s.note} data-tone={tone} data-flat={flat || undefined}>
      {icon ?? <Icon size={17} aria-hidden />}
      <div>{children}</div>
      {right && <div>{right}</div>}
    </div>
  );
}
