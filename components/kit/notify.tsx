"use client";

import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import s from "./notify.module.css";

const KINDS = {
  good: { Icon: IconCircleCheck, autoClose: 6000 },
  warn: { Icon: IconAlertTriangle, autoClose: 10_000 },
  bad: { Icon: IconCircleX, autoClose: false },
} as const;

/** A toast: what happened, and where its audit row is. A failure stays until it is closed. */
export function notify(toast: {
  tone: keyof typeof KINDS;
  title: string;
  message?: ReactNode;
  audit?: { label: string; href: string };
}) {
  const { Icon, autoClose } = KINDS[toast.tone];
  return notifications.show({
    title: toast.title,
    message: (
      <>
        {toast.message}
        {toast.audit && (
          <a className={s.audit} href={toast.audit.href}>
            {toast.audit.label}
          </a>
        )}
      </>
    ),
    icon: <Icon size={18} aria-hidden />,
    color: "transparent",
    withBorder: true,
    autoClose,
    className: s.toast,
    closeButtonProps: { "aria-label": "Close" },
    "data-tone": toast.tone,
  });
}
