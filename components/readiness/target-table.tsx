"use client";

import type { TargetShape } from "@/lib/readiness/schema";
import { type Column, DataTable } from "../kit/data-table";
import { Mono, Strong } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { TargetMark } from "./marks";
import s from "./targets.module.css";
import { addressWords, foundWords } from "./words";

const COLUMNS: Column<TargetShape>[] = [
  {
    id: "target",
    header: "Target",
    card: "title",
    cell: (t) => (
      <span className={s.two}>
        <Strong>{t.name}</Strong>
        <Mono className={s.second}>{addressWords(t.url)}</Mono>
      </span>
    ),
  },
  { id: "state", header: "State", card: "state", cell: (t) => <TargetMark state={t.state} /> },
  {
    id: "checked",
    header: "Checked",
    cell: (t) => (
      <span className={s.two}>
        <RelativeTime at={t.last_check?.at ?? null} />
        <small className={s.second} title={foundWords(t)}>
          {foundWords(t)}
        </small>
      </span>
    ),
  },
  { id: "span", header: "Last span", cell: (t) => <RelativeTime at={t.last_span?.at ?? null} /> },
  {
    id: "picture",
    header: "A person’s picture",
    cell: (t) =>
      t.screenshot ? (
        <span className={s.two}>
          {t.screenshot.by}
          <small className={s.second}>
            <RelativeTime at={t.screenshot.at} />
            {t.screenshot.too_old && ", too old"}
          </small>
        </span>
      ) : (
        "none yet"
      ),
  },
];

const TONES = {
  verified: undefined,
  unverified: undefined,
  silent: "warn",
  unreachable: "warn",
  mismatch: "bad",
} as const;

export function TargetTable(props: {
  items: TargetShape[];
  none: string;
  chosen?: string | null;
  onChoose?: (slug: string) => void;
}) {
  const { items, none, chosen, onChoose } = props;
  return (
    <DataTable
      label="Watched targets"
      cards
      keys={onChoose !== undefined}
      columns={COLUMNS}
      rows={items}
      rowId={(t) => t.slug}
      rowTone={(t) => TONES[t.state]}
      empty={none}
      {...(onChoose ? { selectedId: chosen, onSelect: (t: TargetShape) => onChoose(t.slug) } : {})}
    />
  );
}
