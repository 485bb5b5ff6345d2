"use client";

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconSearch, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useRef } from "react";
import { K } from "../../kit/kbd";
import { counted } from "../../kit/numbers";
import { useKeys } from "../../kit/use-keys";
import s from "./timeline.module.css";
import type { Tree } from "./use-tree";
import type { Zoom } from "./use-zoom";

export function Toolbar({ tree, zoom }: { tree: Tree; zoom: Zoom }) {
  const box = useRef<HTMLInputElement>(null);
  // about what is chosen, so that it stays in sight
  const node = tree.current?.node;
  const middle = node && (node.start + node.end) / 2;
  useKeys({
    "/": () => box.current?.focus(),
    "+": () => zoom.zoom(2, middle),
    "-": () => zoom.zoom(0.5, middle),
    "0": zoom.fit,
  });
  const wide = zoom.factor > 1.001;
  return (
    <div className={s.toolbar}>
      <TextInput
        ref={box}
        className={s.search}
        size="xs"
        type="search"
        aria-label="Search in spans"
        placeholder="Search in spans"
        value={tree.search}
        onChange={(event) => tree.setSearch(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && box.current?.blur()}
        leftSection={<IconSearch size={13} aria-hidden />}
        rightSection={tree.search ? null : <K>/</K>}
      />
      <span className={s.hits} role="status">
        {tree.hits === null ? "" : tree.hits === 0 ? "No span matches" : counted(tree.hits, "span")}
      </span>
      <span className={s.folds}>
        <Button size="xs" variant="subtle" onClick={() => tree.all(false)}>
          Fold all
        </Button>
        <Button size="xs" variant="subtle" onClick={() => tree.all(true)}>
          Unfold all
        </Button>
      </span>
      <span className={s.keys} aria-hidden>
        <K>j</K> <K>k</K> move <K>[</K> <K>]</K> fold <K>+</K> <K>-</K> zoom
      </span>
      <fieldset className={s.zoom} aria-label="Zoom of the time axis">
        {wide && (
          <>
            <ActionIcon aria-label="Earlier" onClick={() => zoom.move(-0.5)}>
              <IconChevronLeft size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon aria-label="Later" onClick={() => zoom.move(0.5)}>
              <IconChevronRight size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
        <ActionIcon aria-label="Zoom out" disabled={!wide} onClick={() => zoom.zoom(0.5, middle)}>
          <IconZoomOut size={16} aria-hidden />
        </ActionIcon>
        <span className={s.factor}>
          {wide ? `×${zoom.factor < 10 ? zoom.factor.toFixed(1) : Math.round(zoom.factor)}` : "fit"}
        </span>
        <ActionIcon aria-label="Zoom in" onClick={() => zoom.zoom(2, middle)}>
          <IconZoomIn size={16} aria-hidden />
        </ActionIcon>
        <Button size="xs" disabled={!wide} onClick={zoom.fit}>
          Fit
        </Button>
      </fieldset>
    </div>
  );
}
