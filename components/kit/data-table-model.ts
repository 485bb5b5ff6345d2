import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

export type Column<T> = {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Numbers go right. */
  align?: "left" | "right";
  /** A CSS width, for the column that must not move. */
  width?: string;
  /** Quiet: text-2. */
  dim?: boolean;
  /** Sorts here by this value; with `onSort` the server sorts and the value is not asked. */
  sortBy?: (row: T) => number | string | null | undefined;
  /** The server can sort by it. */
  sortable?: boolean;
  /** May not be hidden. */
  fixed?: boolean;
  /** The head is for a screen reader only, as over links. */
  quietHead?: boolean;
  /** Its place in the card of a phone: first line, right of it, a fact below, whole width at the foot, or nowhere. */
  card?: "title" | "state" | "fact" | "foot" | "none";
};

export type Sort = { column: string; direction: "asc" | "desc" };
export type RowTone = "warn" | "bad" | "loop" | "sunken";

export const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
});

/** Our columns in TanStack's words. */
export function columnDefs<T extends object>(columns: Column<T>[]) {
  const helper = createColumnHelper<typeof features, T>();
  const defs = columns.map((column) =>
    helper.accessor((row: T) => column.sortBy?.(row) ?? undefined, {
      id: column.id,
      header: column.header,
      cell: (context) => column.cell(context.row.original),
      enableHiding: !column.fixed,
      enableSorting: Boolean(column.sortBy ?? column.sortable),
      sortFn: "basic",
      sortUndefined: "last",
    }),
  );
  return helper.columns(defs);
}
