"use client";

import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import type { ReactTable, Row } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from "react";
import s from "./data-table.module.css";
import type { Column, features, RowTone, Sort } from "./data-table-model";
import { cx, vars } from "./vars";

type Features = typeof features;
/* A block-level cell loses its table role, so a table that turns into cards says its roles aloud. */
const role = (name: string, on: boolean) => (on ? { role: name } : {});

export function DataTableHead<T extends object>(props: {
  table: ReactTable<Features, T>;
  byId: Map<string, Column<T>>;
  sorted: Sort | null;
  onSort: (column: string) => void;
  roles: boolean;
}) {
  const { table, byId, sorted, onSort, roles } = props;
  return (
    <thead className={s.heads} {...role("rowgroup", roles)}>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id} {...role("row", roles)}>
          {group.headers.map((header) => {
            const column = byId.get(header.column.id);
            const direction = sorted?.column === header.column.id ? sorted.direction : undefined;
            const Icon = direction === "asc" ? IconArrowUp : direction === "desc" ? IconArrowDown : IconArrowsSort;
            const title = column?.quietHead ? <span className="il-sr">{column.header}</span> : column?.header;
            return (
              <th
                key={header.id}
                className={s.head}
                scope="col"
                data-align={column?.align}
                aria-sort={direction ? (direction === "asc" ? "ascending" : "descending") : undefined}
                style={vars({ "--width": column?.width })}
                {...role("columnheader", roles)}
              >
                {header.column.getCanSort() ? (
                  <button
                    type="button"
                    className={s.sort}
                    data-on={direction !== undefined || undefined}
                    onClick={() => onSort(header.column.id)}
                  >
                    {title}
                    <Icon size={12} aria-hidden />
                  </button>
                ) : (
                  title
                )}
              </th>
            );
          })}
        </tr>
      ))}
    </thead>
  );
}

export function SkeletonRows({ columns, rows = 10 }: { columns: number; rows?: number }) {
  return (
    <tbody aria-hidden>
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((row, index) => (
        <tr key={row} className={s.boneRow}>
          {Array.from({ length: columns }, (_, column) => `cell-${column}`).map((cell, at) => (
            <td key={cell} className={cx(s.cell, s.boneCell)}>
              <i className={s.bone} style={vars({ "--w": `${85 - ((index * 13 + at * 29) % 45)}%` })} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

type RowsProps<T extends object> = {
  rows: Row<Features, T>[];
  byId: Map<string, Column<T>>;
  scroll: HTMLDivElement | null;
  virtual: boolean;
  height: number;
  selectedId?: string | null;
  activeId?: string;
  focusRequest: number;
  onFocus: (id: string) => void;
  onSelect?: (row: T) => void;
  onOpen?: (row: T) => void;
  rowTone?: (row: T) => RowTone | undefined;
  roles: boolean;
};

const inside = (event: MouseEvent | KeyboardEvent) =>
  event.target instanceof Element && event.target.closest("a, button, input, label, select, textarea") !== null;

export function TableRows<T extends object>(props: RowsProps<T>) {
  const {
    rows,
    byId,
    scroll,
    virtual,
    height,
    selectedId,
    activeId,
    focusRequest,
    onFocus,
    onSelect,
    onOpen,
    rowTone,
    roles,
  } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const done = useRef(focusRequest);
  const list = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => scroll,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  useEffect(() => {
    if (done.current === focusRequest || activeId === undefined) return;
    done.current = focusRequest;
    const focus = () => body.current?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(activeId)}"]`)?.focus();
    if (!virtual) return focus();
    list.scrollToIndex(rows.findIndex((row) => row.id === activeId));
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
  }, [focusRequest, activeId, virtual, list, rows]);

  const items = virtual ? list.getVirtualItems() : rows.map((row, index) => ({ index, key: row.id, start: 0, end: 0 }));
  const before = virtual ? (items[0]?.start ?? 0) : 0;
  const after = virtual ? list.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const acts = Boolean(onSelect ?? onOpen);
  const spacer = (size: number, key: string) =>
    size > 0 && (
      <tr key={key} aria-hidden>
        <td className={s.spacer} style={vars({ "--h": `${size}px` })} />
      </tr>
    );
  return (
    <tbody ref={body} className={s.body} {...role("rowgroup", roles)}>
      {spacer(before, "before")}
      {items.map(({ index }) => {
        const row = rows[index];
        if (!row) return null;
        return (
          <tr
            key={row.id}
            className={s.row}
            ref={virtual ? list.measureElement : undefined}
            data-index={index}
            data-row-id={row.id}
            data-selected={row.id === selectedId || undefined}
            data-tone={rowTone?.(row.original)}
            data-acts={acts || undefined}
            aria-current={row.id === selectedId ? "true" : undefined}
            aria-rowindex={virtual ? index + 2 : undefined}
            tabIndex={acts ? (row.id === activeId ? 0 : -1) : undefined}
            onFocus={() => onFocus(row.id)}
            onClick={(event) => {
              if (acts && !inside(event) && !window.getSelection()?.toString()) (onSelect ?? onOpen)?.(row.original);
            }}
            onDoubleClick={(event) => !inside(event) && onOpen?.(row.original)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && event.target === event.currentTarget) (onOpen ?? onSelect)?.(row.original);
            }}
            {...role("row", roles)}
          >
            {row.getVisibleCells().map((cell) => {
              const column = byId.get(cell.column.id);
              return (
                <td
                  key={cell.id}
                  className={s.cell}
                  data-align={column?.align}
                  data-dim={column?.dim || undefined}
                  data-card={column?.card ?? "fact"}
                  data-label={column?.quietHead ? undefined : column?.header}
                  {...role("cell", roles)}
                >
                  {column?.cell(row.original)}
                </td>
              );
            })}
          </tr>
        );
      })}
      {spacer(after, "after")}
    </tbody>
  );
}
