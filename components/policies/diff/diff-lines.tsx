"use client";

import { Fragment, useMemo, useState } from "react";
import { counted } from "../../kit/numbers";
import s from "./diff.module.css";
import { type DiffLine, type Folded, fold } from "./lines";

const WORDS = { "+": "added", "-": "removed", " ": "same" } as const;
const YAML_KEY = /^(\s*(?:- )?"?)([^\s:"]+)("?:)(.*)$/;

/** The key plain, the value strong: what a reader looks for in a line that did not change. */
function Words({ line }: { line: DiffLine }) {
  const found = line.sign === " " ? YAML_KEY.exec(line.text) : null;
  if (!found) return line.text || " ";
  return (
    <>
      {found[1]}
      {found[2]}
      {found[3]}
      <b>{found[4]}</b>
    </>
  );
}

function Line({ line, from }: { line: DiffLine; from?: (line: DiffLine) => string }) {
  return (
    <li data-t={line.sign}>
      <span className={s.number}>{line.before ?? ""}</span>
      <span className={s.number}>{line.after ?? ""}</span>
      <span aria-hidden>{line.sign}</span>
      <code>
        {line.sign !== " " && <span className="il-sr">{WORDS[line.sign]}: </span>}
        <Words line={line} />
      </code>
      {from && <em title={from(line)}>{from(line)}</em>}
    </li>
  );
}

const foldName = (lines: readonly DiffLine[]): string => {
  const keys = lines.flatMap((line) => /^"?([a-z_]+)"?:/.exec(line.text.trimStart())?.[1] ?? []);
  return keys.length === 0 ? "" : `: ${keys.slice(0, 4).join(", ")}${keys.length > 4 ? " …" : ""}`;
};

/** Two versions in one column. `from` says at the right where a line comes from. */
export function DiffLines(props: { lines: DiffLine[]; label: string; from?: (line: DiffLine) => string }) {
  const { lines, label, from } = props;
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const folded = useMemo(() => fold(lines), [lines]);
  const keyOf = (line: DiffLine) => `${line.sign}${line.before ?? ""}:${line.after ?? ""}`;
  const row = (each: Folded, n: number) => {
    if (!("fold" in each)) return <Line key={keyOf(each)} line={each} from={from} />;
    if (open.has(n))
      return (
        <Fragment key={`fold-${n}`}>
          {each.fold.map((line) => (
            <Line key={keyOf(line)} line={line} from={from} />
          ))}
        </Fragment>
      );
    return (
      <li key={`fold-${n}`} className={s.fold}>
        <button type="button" onClick={() => setOpen(new Set([...open, n]))}>
          {counted(each.fold.length, "unchanged line")}
          {foldName(each.fold)}
        </button>
      </li>
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={s.scroll} aria-label={label} tabIndex={0}>
      <ul className={s.doc} data-from={from !== undefined || undefined}>
        {folded.map(row)}
      </ul>
    </section>
  );
}
