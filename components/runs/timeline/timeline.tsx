"use client";

import { Button } from "@mantine/core";
import { IconFlag, IconLoader2 } from "@tabler/icons-react";
import { useMemo, useRef } from "react";
import type { RunShape, SpanShape } from "@/lib/runs/schema";
import { counted, duration, integer } from "../../kit/numbers";
import { StopReason } from "../../kit/status";
import { vars } from "../../kit/vars";
import { ContextChart } from "./chart";
import { Inspector } from "./inspector";
import { turnsOf } from "./model";
import { Rows } from "./rows";
import { extentOf, ticksOf } from "./scale";
import s from "./timeline.module.css";
import { Toolbar } from "./toolbar";
import { useTree } from "./use-tree";
import { useZoom } from "./use-zoom";

const LEGEND = [
  ["model", "model"],
  ["tool", "tool"],
  ["loop", "repeated call"],
  ["error", "error"],
  ["done", "decision"],
  ["wait", "waiting"],
] as const;

type Props = { run: RunShape; spans: SpanShape[]; reading: boolean; more?: () => void };

export function TimelineTab({ run, spans, reading, more }: Props) {
  const tree = useTree(spans);
  const turns = useMemo(() => turnsOf(spans), [spans]);
  const extent = useMemo(
    () => extentOf(spans, run, run.status === "running" ? Date.parse(run.last_activity_at) : null),
    [spans, run],
  );
  const zoom = useZoom(extent);
  const side = useRef<HTMLElement>(null);
  const { view } = zoom;
  const ticks = ticksOf(view, extent.from).map((at) => {
    const share = (extent.from + at - view.from) / (view.to - view.from);
    return { at, x: `${share * 100}%`, said: at === 0 || (share > 0.03 && share < 0.97) };
  });
  const lines = (
    <div className={s.lines} aria-hidden>
      {ticks.map((tick) => tick.at > 0 && <i key={tick.at} style={vars({ "--x": tick.x })} />)}
    </div>
  );
  // On a narrow page the details stand below: a tap goes there.
  const onPick = () => {
    if (window.matchMedia("(max-width: 1080px)").matches) side.current?.scrollIntoView({ block: "start" });
  };
  return (
    <div className={s.body}>
      <div className={s.left}>
        <Toolbar tree={tree} zoom={zoom} />
        <div className={s.line} data-axis>
          <div className={s.axisName}>
            <span>Span</span>
            <span>
              {counted(spans.length, "span")}, {counted(tree.rows.length, "row")}
            </span>
          </div>
          <div className={s.axis} {...zoom.handlers}>
            {ticks
              .filter((tick) => tick.said)
              .map((tick) => (
                <span key={tick.at} style={vars({ "--x": tick.x })} data-first={tick.at === 0 || undefined}>
                  {tick.at === 0 ? "0" : duration(tick.at / 1000).replace(".0 s", " s")}
                </span>
              ))}
          </div>
        </div>
        <ContextChart turns={turns} origin={extent.from} zoom={zoom} lines={lines} />
        <Rows tree={tree} view={view} lines={lines} onPick={onPick} />
        <div className={s.end}>
          {run.stop_reason ? (
            <>
              <IconFlag size={14} stroke={1.8} aria-hidden />
              <b>Run finished</b>
              <StopReason code={run.stop_reason} />
            </>
          ) : (
            <>
              <IconLoader2 size={14} stroke={1.8} aria-hidden />
              <b>{run.status === "waiting" ? "The run waits" : "The run goes on"}</b>
            </>
          )}
          <span className={s.endRight} role="status">
            {reading && `Reading spans, ${integer(spans.length)} so far…`}
            {more && (
              <Button size="xs" onClick={more}>
                {integer(spans.length)} spans shown: load more
              </Button>
            )}
          </span>
        </div>
        <ul className={s.legend} aria-label="Colours">
          {LEGEND.map(([color, word]) => (
            <li key={color}>
              <i data-color={color} aria-hidden />
              {word}
            </li>
          ))}
        </ul>
      </div>
      <aside className={s.side} ref={side} aria-label="Span inspector">
        {tree.current && (
          <Inspector key={tree.current.node.id} run={run} node={tree.current.node} origin={extent.from} />
        )}
      </aside>
    </div>
  );
}
