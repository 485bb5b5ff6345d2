import { IconClock } from "@tabler/icons-react";
import type { DecisionRow } from "@/lib/decisions/schema";
import type { Column } from "../kit/data-table";
import { counted, duration, money } from "../kit/numbers";
import { St } from "../kit/status";
import { Cut, Dim, Mono } from "../kit/text";
import { ExactTime } from "../kit/time";
import { OutcomeTag } from "./outcome";
import s from "./run-tabs.module.css";

/** What was asked about: the tool, the model, or the kind alone. */
export const askedOf = (row: DecisionRow): string => row.tool ?? row.model ?? row.kind;

function Result({ row: { result, answer } }: { row: DecisionRow }) {
  if (!result) return <Dim>{answer.outcome === "allow" && answer.code !== "observed" ? "not told" : "–"}</Dim>;
  const said = [
    result.http_status === null || result.status === "ok" ? null : `HTTP ${result.http_status}`,
    result.latency_ms === null ? null : duration(result.latency_ms / 1000),
  ].filter(Boolean);
  return (
    <>
      <St tone={result.status === "ok" ? "plain" : "bad"}>{result.status.replace("_", " ")}</St>
      {said.length > 0 && <Dim>, {said.join(", ")}</Dim>}
      {result.late && (
        <>
          {" "}
          <St tone="warn" icon={<IconClock size={13} aria-hidden />}>
            late
          </St>
        </>
      )}
    </>
  );
}

function left({ remaining: r }: DecisionRow["answer"]): string {
  const parts = [
    r.tool_calls === null ? null : counted(r.tool_calls, "call"),
    r.usd === null ? null : money(r.usd),
    r.tool_calls === null && r.usd === null && r.seconds !== null ? duration(r.seconds) : null,
  ].filter(Boolean);
  return parts.length === 0 ? "–" : parts.join(", ");
}

export const decisionColumns: Column<DecisionRow>[] = [
  {
    id: "at",
    header: "Decided",
    dim: true,
    cell: (row) => <ExactTime at={row.decided_at} />,
  },
  { id: "kind", header: "Kind", dim: true, cell: (row) => row.kind },
  {
    id: "asked",
    header: "Asked for",
    card: "title",
    cell: (row) =>
      row.tool || row.model ? (
        <Cut className={s.asked} title={askedOf(row)}>
          <Mono>{askedOf(row)}</Mono>
        </Cut>
      ) : (
        <Dim>{row.step === null ? row.kind : `step ${row.step}`}</Dim>
      ),
  },
  { id: "outcome", header: "Outcome", card: "state", cell: (row) => <OutcomeTag outcome={row.answer.outcome} /> },
  {
    id: "code",
    header: "Code",
    cell: (row) => (
      <Cut className={s.code} title={row.answer.code}>
        <Mono>{row.answer.code}</Mono>
      </Cut>
    ),
  },
  {
    id: "rule",
    header: "Rule",
    cell: (row) =>
      row.answer.policy.rule ? (
        <Cut className={s.rule} title={[row.answer.policy.id, row.answer.policy.rule].filter(Boolean).join(", ")}>
          <Mono>{row.answer.policy.rule}</Mono>
        </Cut>
      ) : (
        <Dim>–</Dim>
      ),
  },
  { id: "result", header: "Result", cell: (row) => <Result row={row} /> },
  { id: "left", header: "Was left", align: "right", dim: true, cell: (row) => left(row.answer) },
];
