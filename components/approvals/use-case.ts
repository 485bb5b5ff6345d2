"use client";

import { usePathname } from "next/navigation";
import { useState } from "react";
import { approvalHref } from "./words";

const at = (ids: string[], index: number): string | undefined => ids[Math.min(ids.length - 1, Math.max(0, index))];

/**
 * The chosen case stands in the path, and changes without asking the server for the page again.
 * Nobody chosen: on a wide screen the first that was there, and it stays: what arrives must not move what is read.
 */
export function useCase(environment: string, ids: string[], preferred: string | undefined) {
  const pathname = usePathname();
  const part = pathname.split("/")[3];
  const named = part ? decodeURIComponent(part) : null;
  const [pinned, setPinned] = useState<string | null>(null);
  const [index, setIndex] = useState(0);
  // Decided here a moment ago: the list that is read may still have it.
  const [left, setLeft] = useState<string[]>([]);
  const first = [preferred, ...ids].find((each) => each !== undefined && !left.includes(each));
  if (named === null && pinned === null && first !== undefined) setPinned(first);
  const id = named ?? pinned;
  const here = id === null ? -1 : ids.indexOf(id);
  if (here >= 0 && here !== index) setIndex(here);

  const go = (next: string | null, how: "push" | "replace" = "replace") => {
    setPinned(next);
    const url =
      (next === null ? `/${environment}/approvals` : approvalHref(environment, next)) + window.location.search;
    if (how === "push") window.history.pushState(null, "", url);
    else window.history.replaceState(null, "", url);
  };
  return {
    id,
    /** In the address, so that a phone shows the case and not the queue. */
    named: named !== null,
    place: here >= 0 ? here + 1 : null,
    go,
    /** j and k; from a case that has left the queue, what now stands in its place. */
    step: (by: 1 | -1): string | null => {
      const to = at(ids, here >= 0 ? here + by : by > 0 ? index : index - 1) ?? null;
      if (to) go(to);
      return to;
    },
    /** After a verdict: what stood next, else what stood before. */
    after: (gone: string[]): string | null => {
      setLeft((before) => [...before.slice(-200), ...gone]);
      const out = [...left, ...gone];
      const later = ids.slice(index).find((each) => !out.includes(each));
      return later ?? ids.findLast((each) => !out.includes(each)) ?? null;
    },
  };
}
