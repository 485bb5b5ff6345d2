"use client";

import { type KeyboardEvent, useState } from "react";
import { useKeys } from "./use-keys";

type Options = {
  ids: string[];
  selectedId?: string | null;
  enabled: boolean;
  root: HTMLDivElement | null;
  onMove: (id: string) => void;
};

function target(key: string, global: boolean): 1 | -1 | "first" | "last" | undefined {
  switch (key) {
    case "ArrowDown":
      return 1;
    case "ArrowUp":
      return -1;
    case "Home":
      return "first";
    case "End":
      return "last";
    // a table that listens to the whole page has these already
    case "j":
      return global ? undefined : 1;
    case "k":
      return global ? undefined : -1;
    default:
      return undefined;
  }
}

/** Roving focus over rows: one row is in the tab order; j, k and the arrows move it. */
export function useRowKeys({ ids, selectedId, enabled, root, onMove }: Options) {
  const [moved, setMoved] = useState<string | null>(null);
  const [request, setRequest] = useState(0);
  const known = (id: string | null | undefined) => (id && ids.includes(id) ? id : undefined);
  const id = known(moved) ?? known(selectedId) ?? ids[0];

  const go = (to: number) => {
    const next = ids[Math.min(ids.length - 1, Math.max(0, to))];
    if (next === undefined) return;
    setMoved(next);
    setRequest((n) => n + 1);
    onMove(next);
  };
  const step = (by: number) => {
    const at = id ? ids.indexOf(id) : -1;
    // the first j lands on the first row, unless a row is chosen already
    const fresh = moved === null && !known(selectedId);
    go(fresh && by > 0 ? 0 : at + by);
  };
  useKeys({ j: () => step(1), k: () => step(-1) }, enabled);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!(event.target instanceof HTMLTableRowElement) || !root?.contains(event.target)) return;
    const to = target(event.key, enabled);
    if (to === undefined) return;
    event.preventDefault();
    if (to === "first") go(0);
    else if (to === "last") go(ids.length - 1);
    else step(to);
  };
  return { id, request, set: setMoved, scrollProps: { onKeyDown } };
}
