"use client";

import { type SortingState, useTable } from "@tanstack/react-table";
import { type ReactNode, useMemo, useState } from "react";
import s from "./data-table.module.css";
import { type Column, columnDefs, features, type RowTone, type Sort } from "./data-table-model";
import { DataTableHead, SkeletonRows, TableRows } from "./data-table-rows";
import { useRowKeys } from "./use-row-keys";
import { vars } from "./vars";

export type { Column, RowTone, Sort } from "./data-table-model";
export { Pager } from "./pager";

export type DataTableProps<T> = {
  /** Said to a screen reader: "Runs". */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowId: (row: T) => string;
  /** Rows of 32 px instead of 36. */
  dense?: boolean;
  loading?: boolean;
  /** Stands in the table when there is no row. */
  empty?: ReactNode;
  selectedId?: string | null;
  onSelect?: (row: T) => void;
  /** Enter, and a click where nothing is selected by it. */
  onOpen?: (row: T) => void;
  rowTone?: (row: T) => RowTone | undefined;
  sort?: Sort | null;
  /** The server sorts; without it columns with `sortBy` sort here. */
  onSort?: (sort: Sort) => void;
  hidden?: string[];
  /** j and k act on this table from anywhere on the page; one table a page. */
  keys?: boolean;
  /** On a phone rows become cards. */
  cards?: boolean;
  /** CSS max-height; the head sticks. Above 200 rows only what is seen is drawn. */
  maxHeight?: string;
  /** Fills the height of its parent and scrolls inside. */
  fill?: boolean;
  footer?: ReactNode;
};

const VIRTUAL_FROM = 200;

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, columns, rows, rowId, dense, loading, empty, selectedId, onSelect, onOpen, rowTone, sort, onSort } =
    props;
  const { hidden = [], keys, cards, maxHeight, fill, footer } = props;
  /* state, not a ref: the rows must render again once there is something to measure */
  const [scroll, setScroll] = useState<HTMLDivElement | null>(null);
  const [own, setOwn] = useState<Sort | null>(null);
  const sorted = sort ?? own;
  const defs = useMemo(() => columnDefs(columns), [columns]);
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const sorting: SortingState = sorted ? [{ id: sorted.column, desc: sorted.direction === "desc" }] : [];
  const columnVisibility = Object.fromEntries(hidden.map((id) => [id, false]));
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowId,
    manualSorting: Boolean(onSort) || (Boolean(sort) && !columns.some((column) => column.sortBy)),
    state: { sorting, columnVisibility },
  });
  const model = table.getRowModel().rows;
  const order = model.map((row) => row.id);
  const virtual = model.length > VIRTUAL_FROM;
  const active = useRowKeys({
    ids: order,
    selectedId,
    enabled: keys ?? false,
    root: scroll,
    onMove: (id) => {
      const row = model.find((each) => each.id === id);
      if (row) onSelect?.(row.original);
    },
  });
  const changeSort = (column: string) => {
    const direction = sorted?.column === column && sorted.direction === "desc" ? "asc" : "desc";
    if (onSort) onSort({ column, direction });
    else setOwn({ column, direction });
  };
  const count = table.getVisibleLeafColumns().length;
  return (
    <div className={s.frame} data-fill={fill || undefined}>
      <div
        ref={setScroll}
        className={s.scroll}
        data-bounded={virtual || maxHeight !== undefined || fill || undefined}
        style={vars({ "--max": fill ? "none" : (maxHeight ?? (virtual ? "70vh" : undefined)) })}
        {...active.scrollProps}
      >
        <table
          className={s.table}
          data-dense={dense || undefined}
          data-cards={cards || undefined}
          aria-label={label}
          aria-busy={loading || undefined}
          aria-rowcount={virtual ? model.length + 1 : undefined}
          {...(cards ? { role: "table" } : {})}
        >
          <DataTableHead table={table} byId={byId} sorted={sorted} onSort={changeSort} roles={cards ?? false} />
          {loading && model.length === 0 ? (
            <SkeletonRows columns={count} />
          ) : model.length === 0 ? (
            <tbody className={s.body}>
              <tr>
                <td className={s.none} colSpan={count}>
                  {empty ?? "Nothing here."}
                </td>
              </tr>
            </tbody>
          ) : (
            <TableRows
              rows={model}
              byId={byId}
              scroll={scroll}
              virtual={virtual}
              height={dense ? 32 : 36}
              selectedId={selectedId}
              activeId={active.id}
              focusRequest={active.request}
              onFocus={active.set}
              onSelect={onSelect}
              onOpen={onOpen}
              rowTone={rowTone}
              roles={cards ?? false}
            />
          )}
        </table>
      </div>
      {footer}
    </div>
  );
}
