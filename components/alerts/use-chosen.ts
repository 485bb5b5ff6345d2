"use client";

import { usePathname } from "next/navigation";
import { useState } from "react";
import { alertHref } from "./words";

/**
 * The chosen alert stands in the path, and changes without asking the server for the page again.
 * Nobody chosen: on a wide screen the first that was there, and it stays: what arrives must not move what is read.
 */
export function useChosen(environment: string, ids: string[]) {
  const part = usePathname().split("/")[3];
  const named = part ? decodeURIComponent(part) : null;
  const [pinned, setPinned] = useState<string | null>(null);
  const first = ids[0];
  if (named === null && pinned === null && first !== undefined) setPinned(first);
  const id = named ?? pinned;
  const at = id === null ? -1 : ids.indexOf(id);
  const go = (next: string | null, how: "push" | "replace" = "replace") => {
    setPinned(next);
    const url = (next === null ? `/${environment}/alerts` : alertHref(environment, next)) + window.location.search;
    if (how === "push") window.history.pushState(null, "", url);
    else window.history.replaceState(null, "", url);
  };
  return {
    id,
    /** In the address, so that a phone shows the alert and not the list. */
    named: named !== null,
    place: at >= 0 ? at + 1 : null,
    go,
    step: (by: 1 | -1): string | null => {
      const to = ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
      if (to !== null) go(to);
      return to;
    },
  };
}
