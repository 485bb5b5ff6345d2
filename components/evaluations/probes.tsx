import { IconAlertTriangle, IconCheck, IconQuestionMark, IconX } from "@tabler/icons-react";
import type { CheckShape, ProbeCell, ProbeState } from "@/lib/evaluations/schema";
import { type Column, DataTable } from "../kit/data-table";
import { duration, integer } from "../kit/numbers";
import { St, Tag } from "../kit/status";
import { Mono } from "../kit/text";
import { RelativeTime } from "../kit/time";
import s from "./probes.module.css";

/** A cell a result, the newest at the right; what went wrong last stands beside them. */
export function ProbeCells({ cells, of }: { cells: ProbeCell[]; of: string }) {
  if (cells.length === 0) return <span className={s.none}>none yet</span>;
  const bad = cells.filter((c) => c.state !== "pass");
  const last = bad.at(-1);
  return (
    <>
      <span className={s.cells} role="img" aria-label={`${cells.length} probes of ${of}, ${bad.length} not passed`}>
        {cells.map((c) => (
          <i key={`${c.name} ${c.at}`} data-state={c.state} title={`${c.name}: ${c.why ?? c.state}`} />
        ))}
      </span>
      {last && (
        <span className={s.why}>
          {last.name}: {last.why ?? last.state}
        </span>
      )}
    </>
  );
}

/** What a card of a phone leaves out where there is nothing. */
export const Said = ({ text }: { text: string | null }) =>
  text === null ? <span className={s.dash}>–</span> : <span className={s.why}>{text}</span>;

const STATES = {
  pass: ["good", IconCheck, "passes"],
  fail: ["bad", IconX, "fails"],
  "too slow": ["warn", IconAlertTriangle, "too slow"],
} as const;

export function CheckState({ state }: { state: ProbeState }) {
  if (state === "not run")
    return (
      <Tag tone="warn" hatched icon={<IconQuestionMark size={12} aria-hidden />}>
        not run
      </Tag>
    );
  const [tone, Icon, word] = STATES[state];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {word}
    </St>
  );
}

const asks = (c: CheckShape): string =>
  [
    c.max_latency_ms === null ? null : `within ${duration(c.max_latency_ms / 1000)}`,
    c.expected_status === null ? null : `HTTP ${c.expected_status}`,
  ]
    .filter(Boolean)
    .join(", ") || "no error";

const COLUMNS: Column<CheckShape>[] = [
  { id: "name", header: "Probe", card: "title", cell: (c) => <Mono>{c.name}</Mono> },
  { id: "state", header: "Result", card: "state", cell: (c) => <CheckState state={c.state} /> },
  { id: "from", header: "Asked by", dim: true, cell: (c) => `${c.from.kind} ${c.from.slug}` },
  { id: "type", header: "Type", dim: true, cell: (c) => c.type },
  { id: "asks", header: "Must answer", dim: true, cell: asks },
  { id: "took", header: "Took", align: "right", cell: (c) => (c.last ? `${integer(c.last.latency_ms)} ms` : "–") },
  { id: "at", header: "Last", dim: true, cell: (c) => (c.last ? <RelativeTime at={c.last.at} /> : "–") },
  { id: "why", header: "Why", card: "foot", cell: (c) => <Said text={c.why} /> },
];

/** What a version has to show before its full roll-out. */
export const MustPass = ({ items, label }: { items: CheckShape[]; label: string }) => (
  <DataTable
    label={label}
    cards
    dense
    columns={COLUMNS}
    rows={items}
    rowId={(c) => `${c.from.kind} ${c.from.slug} ${c.name}`}
    rowTone={(c) => (c.state === "fail" ? "bad" : c.state === "too slow" ? "warn" : undefined)}
  />
);
