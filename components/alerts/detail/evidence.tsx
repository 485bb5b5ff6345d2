"use client";

import type { AlertDetail } from "@/lib/alerts/schema";
import { usePlace } from "../../frame/place";
import { DataTable } from "../../kit/data-table";
import { counted, shorten } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Severity } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { runHref } from "../../runs/list/columns";
import { valueWords } from "../words";
import s from "./alert.module.css";

type RunOf = AlertDetail["runs_of"][number];
/** The run stands in its own column. */
const noteOf = (r: RunOf): string | null => r.evidence.at(-1)?.note.replace(`${r.run_id}: `, "") ?? null;
const spansOf = (r: RunOf): string[] => r.evidence.flatMap((e) => (e.span_id ? [e.span_id] : []));
/** The span that shows it best is the last: what repeats, repeats there. */
const spanHref = (slug: string, r: RunOf): string => {
  const span = spansOf(r).at(-1);
  return runHref(slug, r.run_id) + (span ? `?span=${encodeURIComponent(span)}` : "");
};

/** Every run it fired on, each with the spans that show it. */
export function EvidencePanel({ of }: { of: AlertDetail }) {
  const { slug } = usePlace().environment;
  const [latest] = of.runs_of;
  const spans = of.runs_of.reduce((sum, r) => sum + spansOf(r).length, 0);
  if (!latest)
    return (
      <Panel title="Evidence" sub="of a window over many runs">
        {of.evidence.length > 0 ? (
          <ul className={s.notes}>
            {of.evidence.map((e) => (
              <li key={`${e.span_id ?? ""}${e.note}`}>{e.note}</li>
            ))}
          </ul>
        ) : (
          <p className={s.absent}>The value of the window is all there is: no single run shows it.</p>
        )}
      </Panel>
    );
  const left = of.runs - of.runs_of.length;
  const mixed = of.runs_of.some((r) => r.severity !== of.severity);
  return (
    <Panel
      title="Evidence"
      sub={[counted(of.runs, "run"), ...(spans > 0 ? [counted(spans, "span")] : [])].join(", ")}
      right={<TextLink href={spanHref(slug, latest)}>Open the newest</TextLink>}
      foot={
        left > 0 ? (
          <span>
            The newest {of.runs_of.length} of {of.runs} runs.
          </span>
        ) : undefined
      }
    >
      <DataTable
        label="Runs it fired on"
        dense
        cards
        maxHeight="420px"
        rows={of.runs_of}
        rowId={(r) => r.run_id}
        columns={[
          {
            id: "run",
            header: "Run",
            card: "title",
            cell: (r) => (
              <span className={s.run}>
                <TextLink href={spanHref(slug, r)} mono title={r.run_id}>
                  {shorten(r.run_id, 8, 4)}
                </TextLink>
              </span>
            ),
          },
          { id: "at", header: "Fired at", dim: true, card: "state", cell: (r) => <ExactTime at={r.at} /> },
          {
            id: "value",
            header: "Value",
            align: "right",
            card: "fact",
            sortBy: (r) => r.value,
            cell: (r) => <Mono>{valueWords(r.value)}</Mono>,
          },
          ...(mixed
            ? [
                {
                  id: "severity",
                  header: "Severity",
                  card: "fact" as const,
                  cell: (r: RunOf) => <Severity level={r.severity} />,
                },
              ]
            : []),
          {
            id: "what",
            header: "What",
            card: "foot",
            cell: (r) => <span className={s.what}>{noteOf(r) ?? <Dim>–</Dim>}</span>,
          },
          {
            id: "spans",
            header: "Spans",
            align: "right",
            card: "fact",
            cell: (r) => (spansOf(r).length > 0 ? spansOf(r).length : <Dim>–</Dim>),
          },
        ]}
      />
    </Panel>
  );
}
