"use client";

import { useState } from "react";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { alike, anyAlike, BATCH_MAX, notInBatch } from "./words";

export type PickingState = ReturnType<typeof usePicking>;

/** Which cases are to share one verdict: all alike, none that cannot be undone, no more than can be read. */
export function usePicking(queue: ApprovalShape[]) {
  const [picked, setPicked] = useState<string[] | null>(null);
  /** On a phone: the batch is shown, not the queue. */
  const [reading, setReading] = useState(false);
  const items = queue.filter((each) => picked?.includes(each.id) && notInBatch(each, undefined) === null);
  const ids = items.map((each) => each.id);
  const first = items[0];
  const lockedOf = (a: ApprovalShape) => notInBatch(a, first);
  const may = queue.filter((each) => lockedOf(each) === null);
  const stop = () => {
    setPicked(null);
    setReading(false);
  };
  return {
    on: picked !== null,
    ids,
    items,
    lockedOf,
    reading: reading && items.length > 0,
    possible: anyAlike(queue),
    more: first ? may.length - items.length : 0,
    start: () => setPicked([]),
    stop,
    read: () => setReading(true),
    back: () => setReading(false),
    keep: (left: string[]) => {
      setPicked(left.length > 0 ? left : null);
      setReading(false);
    },
    toggle: (id: string) => {
      const one = queue.find((each) => each.id === id);
      if (!one) return;
      if (ids.includes(id)) setPicked(ids.filter((each) => each !== id));
      else if (lockedOf(one) === null && ids.length < BATCH_MAX) setPicked([...ids, id]);
      else if (picked !== null) setPicked(ids);
    },
    /** Everything like the ones that are picked, or like this one. */
    alike: (id: string | null) => {
      const like = first ?? queue.find((each) => each.id === id);
      if (!like || notInBatch(like, undefined) !== null) return;
      const same = queue.filter((each) => notInBatch(each, undefined) === null && alike(each, like));
      setPicked(same.slice(0, BATCH_MAX).map((each) => each.id));
    },
  };
}
