"use client";

import { type PointerEvent, useRef, useState } from "react";
import type { Extent } from "./scale";

const MOST = 512;

/** The part of the run that is seen: all of it, a factor about a middle, or what was drawn with the pointer. */
export function useZoom(extent: Extent) {
  const [view, setView] = useState<Extent | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const at = useRef<{ left: number; width: number }>({ left: 0, width: 1 });
  const width = extent.to - extent.from;
  const shown = view ?? extent;
  const clamp = (from: number, size: number): Extent => {
    const start = Math.min(Math.max(from, extent.from), extent.to - size);
    return { from: start, to: start + size };
  };
  const zoom = (factor: number, middle = (shown.from + shown.to) / 2) => {
    const size = Math.max((shown.to - shown.from) / factor, width / MOST, 1);
    setView(size >= width ? null : clamp(middle - size / 2, size));
  };
  const share = (event: PointerEvent) => Math.min(1, Math.max(0, (event.clientX - at.current.left) / at.current.width));
  return {
    view: shown,
    factor: width / (shown.to - shown.from),
    fit: () => setView(null),
    zoom,
    move: (part: number) => view && setView(clamp(view.from + (view.to - view.from) * part, view.to - view.from)),
    drag,
    /** Draws a stretch of time over the axis or the chart. */
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || event.pointerType === "touch") return;
        const box = event.currentTarget.getBoundingClientRect();
        at.current = { left: box.left, width: box.width };
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: share(event), to: share(event) });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => drag && setDrag({ ...drag, to: share(event) }),
      onPointerUp: () => {
        if (!drag) return;
        const [a, b] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
        const size = shown.to - shown.from;
        if (b - a > 0.01) setView(clamp(shown.from + a * size, Math.max((b - a) * size, width / MOST, 1)));
        setDrag(null);
      },
      onPointerCancel: () => setDrag(null),
    },
  };
}
export type Zoom = ReturnType<typeof useZoom>;
