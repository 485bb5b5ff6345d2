"use client";

import { useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import type { SpanShape } from "@/lib/runs/schema";
import { spanParam } from "../search-params";
import { matching, type Node, openAtFirst, type Row, rowsOf, timelineOf } from "./model";

const first = (nodes: Node[], want: (node: Node) => boolean): Node | null => {
  for (const node of nodes) {
    if (want(node)) return node;
    const below = first(node.children, want);
    if (below) return below;
  }
  return null;
};

/** From the top to the node of this span, itself last; empty where it is not there. */
const wayTo = (nodes: Node[], spanId: string): Node[] => {
  for (const node of nodes) {
    if (node.span?.span_id === spanId) return [node];
    const below = wayTo(node.children, spanId);
    if (below.length > 0) return [node, ...below];
  }
  return [];
};

/** The rows of a run's timeline: what is open, what is searched, what is chosen. */
export function useTree(spans: SpanShape[]) {
  const [opened, setOpened] = useState<Record<string, boolean>>({});
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [named] = useQueryState("span", spanParam);
  const tree = useMemo(() => timelineOf(spans), [spans]);
  const way = useMemo(() => (named === null ? [] : wayTo(tree, named)), [tree, named]);
  const atFirst = useMemo(() => {
    const open = openAtFirst(tree);
    const onTheWay = new Set(way.slice(0, -1).map((node) => node.id));
    return (node: Node) => onTheWay.has(node.id) || open(node);
  }, [tree, way]);
  const found = useMemo(() => (search.trim() === "" ? null : matching(tree, search)), [tree, search]);
  const rows = useMemo<Row[]>(
    () => rowsOf(found?.nodes ?? tree, (node) => opened[node.id] ?? (found !== null || atFirst(node))),
    [tree, found, opened, atFirst],
  );
  // What needs a look is chosen first: the span that a link names, the loop, else the first error, else the top.
  const suggested = useMemo(
    () =>
      way.at(-1) ??
      first(tree, (node) => node.kind === "repeat") ??
      first(tree, (node) => node.span?.status === "error") ??
      tree[0],
    [tree, way],
  );
  const current =
    rows.find((row) => row.node.id === chosen) ?? rows.find((row) => row.node.id === suggested?.id) ?? rows[0];
  const set = (row: Row, open: boolean) => {
    if (row.open !== null) setOpened((all) => ({ ...all, [row.node.id]: open }));
  };
  return {
    rows,
    current,
    hits: found?.hits ?? null,
    search,
    setSearch: (text: string) => {
      setSearch(text);
      setOpened({});
    },
    choose: setChosen,
    set,
    /** `[`: folds the row, or goes up to its parent. */
    fold: (row: Row) => {
      if (row.open) set(row, false);
      else if (row.parent) setChosen(row.parent);
    },
    all: (open: boolean) => {
      const ids: Record<string, boolean> = {};
      const walk = (nodes: Node[]) => {
        for (const node of nodes) {
          if (node.children.length > 0) ids[node.id] = open;
          walk(node.children);
        }
      };
      walk(tree);
      setOpened(ids);
    },
  };
}
export type Tree = ReturnType<typeof useTree>;
