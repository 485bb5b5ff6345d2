"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useKeys } from "../../kit/use-keys";
import { vars } from "../../kit/vars";
import type { Row } from "./model";
import { RowName, RowTrack } from "./row";
import s from "./rows.module.css";
import type { Extent } from "./scale";
import type { Tree } from "./use-tree";

const HEIGHT = 28;
const VIRTUAL_FROM = 200;
const KEYS = new Set(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"]);

type Props = { tree: Tree; view: Extent; lines: ReactNode; onPick: () => void };

/** The rows as a tree that the keyboard walks; above 200 only what is seen is drawn. */
export function Rows({ tree, view, lines, onPick }: Props) {
  const { rows, current } = tree;
  const [scroll, setScroll] = useState<HTMLDivElement | null>(null);
  const virtual = rows.length > VIRTUAL_FROM;
  const list = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => scroll,
    estimateSize: () => HEIGHT,
    overscan: 16,
  });
  const at = current ? rows.findIndex((row) => row.node.id === current.node.id) : -1;
  const [moved, setMoved] = useState(0);
  const done = useRef(moved);
  useEffect(() => {
    if (done.current === moved || !scroll || at < 0) return;
    done.current = moved;
    const focus = () => {
      const row = scroll.querySelector<HTMLElement>(`[data-at="${at}"]`);
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: "nearest" });
    };
    if (virtual) list.scrollToIndex(at);
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
  }, [moved, at, scroll, virtual, list]);

  const go = (to: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!row) return;
    tree.choose(row.node.id);
    setMoved((n) => n + 1);
  };
  const fold = () => {
    if (!current) return;
    tree.fold(current);
    setMoved((n) => n + 1);
  };
  const unfold = () => current && tree.set(current, true);
  useKeys({ j: () => go(at + 1), k: () => go(at - 1), "[": fold, "]": unfold });
  const act = (key: string) => {
    switch (key) {
      case "ArrowDown":
        return go(at + 1);
      case "ArrowUp":
        return go(at - 1);
      case "Home":
        return go(0);
      case "End":
        return go(rows.length - 1);
      case "ArrowLeft":
        return fold();
      case "ArrowRight":
        return unfold();
      default:
        return current && tree.set(current, !current.open);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!KEYS.has(event.key)) return;
    event.preventDefault();
    act(event.key);
  };

  const items = virtual ? list.getVirtualItems().map((item) => ({ index: item.index, top: item.start })) : null;
  const draw = (row: Row, index: number, top?: number) => (
    <div
      key={row.node.id}
      role="treeitem"
      className={s.line}
      data-at={index}
      data-row
      data-top={top !== undefined || undefined}
      data-hot={row.hot || undefined}
      data-on={index === at || undefined}
      data-group={row.depth === 0 || undefined}
      style={vars({ "--top": top === undefined ? undefined : `${top}px` })}
      aria-level={row.depth + 1}
      aria-expanded={row.open ?? undefined}
      aria-selected={index === at}
      aria-posinset={index + 1}
      aria-setsize={rows.length}
      tabIndex={index === at ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={() => {
        tree.choose(row.node.id);
        onPick();
      }}
      onDoubleClick={() => tree.set(row, !row.open)}
    >
      <div className={s.name} data-turn={row.node.span === null || undefined} style={vars({ "--d": row.depth })}>
        <RowName row={row} onToggle={() => tree.set(row, !row.open)} />
      </div>
      <div className={s.track}>
        {lines}
        <RowTrack row={row} view={view} />
      </div>
    </div>
  );
  return (
    <div
      ref={setScroll}
      role="tree"
      aria-label="Spans"
      className={s.rows}
      data-virtual={virtual || undefined}
      style={vars({ "--all": virtual ? `${list.getTotalSize()}px` : undefined })}
    >
      {items ? (
        <div role="none" className={s.tall}>
          {items.map(({ index, top }) => {
            const row = rows[index];
            return row ? draw(row, index, top) : null;
          })}
        </div>
      ) : (
        rows.map((row, index) => draw(row, index))
      )}
    </div>
  );
}
