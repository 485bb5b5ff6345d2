"use client";

import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { K } from "./kbd";
import s from "./pager.module.css";

/** Keyset paging: no page numbers, "Older" and back to the "Newest". `hint` shows the keys. */
export function Pager(props: {
  shown: ReactNode;
  onOlder?: () => void;
  onNewest?: () => void;
  busy?: boolean;
  hint?: boolean;
}) {
  const { shown, onOlder, onNewest, busy, hint } = props;
  return (
    <nav className={s.pager} aria-label="Pages">
      <span>{shown}</span>
      <span className={s.pagerRight}>
        {hint && (
          <span className={s.hint} aria-hidden>
            <K>j</K> <K>k</K> move <K>↵</K> open
          </span>
        )}
        <Button size="xs" disabled={!onNewest || busy} onClick={onNewest}>
          Newest
        </Button>
        <Button size="xs" disabled={!onOlder} loading={busy} onClick={onOlder}>
          Older
        </Button>
      </span>
    </nav>
  );
}
