"use client";

import { useEffect, useRef, useState } from "react";
import { announce } from "../../kit/announce";
import { counted } from "../../kit/numbers";

/**
 * Rows of a live list. What is new waits while `held` (the pointer or the focus is in the list), so that nothing moves
 * under a hand; rows that are shown already change in place. `scope` names the list: another one starts afresh.
 */
export function useArrivals<T>(rows: T[], idOf: (row: T) => string, scope: string, held: boolean) {
  const [shown, setShown] = useState<{ scope: string; ids: string[] }>({ scope, ids: rows.map(idOf) });
  const ids = rows.map(idOf);
  const fresh = shown.scope === scope && shown.ids.length > 0 ? ids.filter((id) => !shown.ids.includes(id)) : [];
  const wait = held && fresh.length > 0;
  const changed = shown.scope !== scope || ids.length !== shown.ids.length || ids.some((id, i) => id !== shown.ids[i]);
  if (changed && !wait) setShown({ scope, ids });

  const told = useRef(0);
  const count = fresh.length;
  useEffect(() => {
    // at most one sentence in ten seconds: a busy environment would speak without end
    if (count === 0 || Date.now() - told.current < 10_000) return;
    told.current = Date.now();
    announce(`${counted(count, "new run")}`);
  }, [count]);

  const byId = new Map(rows.map((row) => [idOf(row), row]));
  const visible = wait
    ? shown.ids.flatMap((id) => {
        const row = byId.get(id);
        return row === undefined ? [] : [row];
      })
    : rows;
  return { rows: visible, waiting: wait ? fresh.length : 0, show: () => setShown({ scope, ids }) };
}
