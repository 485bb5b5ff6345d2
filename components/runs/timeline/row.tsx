import { IconChevronDown, IconChevronRight, IconRepeat } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Mono } from "../../kit/text";
import { vars } from "../../kit/vars";
import { besideOf, callsOf, colorOf, iconOf, isContract, metaOf, titleOf, turnWords } from "./look";
import { endOf, type Node, type Row, spansIn, startOf } from "./model";
import s from "./rows.module.css";
import type { Extent } from "./scale";

const DRAWN = 160;

export function RowName({ row, onToggle }: { row: Row; onToggle: () => void }) {
  const { node, open } = row;
  const Icon = node.span ? iconOf(node.span) : null;
  const meta = metaOf(node, row.parent);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      {open !== null && (
        <button
          type="button"
          className={s.toggle}
          tabIndex={-1}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          <Chevron size={14} stroke={1.8} />
        </button>
      )}
      {node.kind === "repeat" && <IconRepeat size={14} className={s.hotIcon} aria-hidden />}
      {Icon && <Icon size={14} stroke={1.8} aria-hidden />}
      <span className={s.words}>{wordsOf(node, open ?? false)}</span>
      {node.span?.status === "error" || (!open && node.errors > 0) ? (
        <em data-bad>
          {node.span?.status === "error" ? "error" : `${node.errors} ${node.errors === 1 ? "error" : "errors"}`}
        </em>
      ) : (
        meta && <em>{meta}</em>
      )}
    </>
  );
}

function wordsOf(node: Node, open: boolean): ReactNode {
  if (node.kind === "repeat")
    return (
      <>
        {node.turns ? `${turnWords(node)} ` : ""}
        <Mono>{callsOf(node)}</Mono> ×{node.children.length}
        {node.turns ? "" : ", same arguments"}
      </>
    );
  if (node.kind === "turn" || !node.span) {
    const calls = open
      ? []
      : node.children.flatMap((child) => (child.span?.kind === "tool" ? [titleOf(child.span)] : []));
    return (
      <>
        {turnWords(node)} {calls.length > 0 && <Mono>{[...new Set(calls)].join(", ")}</Mono>}
      </>
    );
  }
  return isContract(node.span) ? <Mono>{titleOf(node.span)}</Mono> : titleOf(node.span);
}

type Bar = { key: string; from: number; to: number; color: string };

function barsOf(row: Row): Bar[] {
  const { node, hot } = row;
  const thin = { key: node.id, from: node.start, to: node.end, color: "turn" };
  if (node.kind === "turn" || (node.span && node.children.length > 0 && node.span.status !== "error")) return [thin];
  if (node.kind !== "repeat") return node.span ? [{ ...thin, color: colorOf(node.span, hot) }] : [thin];
  const leaves = spansIn(node).filter((span) => span.kind !== "agent" && span.kind !== "step");
  if (leaves.length > DRAWN) return [{ ...thin, color: "loop" }];
  return leaves.map((span) => ({
    key: span.span_id,
    from: startOf(span),
    to: endOf(span),
    color: colorOf(span, true),
  }));
}

export function RowTrack({ row, view }: { row: Row; view: Extent }) {
  const x = (at: number) => ((at - view.from) / (view.to - view.from)) * 100;
  const seen = barsOf(row).filter((bar) => bar.to >= view.from && bar.from <= view.to);
  const { node } = row;
  const mark = node.span?.kind === "decision" && (node.span.duration_ms ?? 0) < 1_000;
  const [start, end] = [Math.max(0, x(node.start)), Math.min(100, x(node.end))];
  const place = start < 20 && end > 70 ? "over" : end > 62 ? "left" : undefined;
  const beside = node.kind === "repeat" ? "" : besideOf(node);
  return (
    <>
      {seen.map((bar) => {
        const from = Math.max(-1, x(bar.from));
        const style = vars({
          "--x": `${from.toFixed(3)}%`,
          "--w": `${Math.max(0, Math.min(101, x(bar.to)) - from).toFixed(3)}%`,
        });
        return mark ? (
          <span key={bar.key} className={s.mark} data-color={bar.color} style={style} />
        ) : (
          <span key={bar.key} className={s.bar} data-color={bar.color} style={style} />
        );
      })}
      {beside && seen.length > 0 && (
        <span
          className={s.beside}
          data-place={place}
          data-bad={node.span?.status === "error" || undefined}
          style={vars({ "--x": `${(place === "left" ? start : end).toFixed(3)}%` })}
        >
          {beside}
        </span>
      )}
    </>
  );
}
