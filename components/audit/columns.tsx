"use client";

import { IconKey, IconServer } from "@tabler/icons-react";
import type { AuditShape } from "@/lib/audit/schema";
import type { Column } from "../kit/data-table";
import { integer, shorten } from "../kit/numbers";
import { Person } from "../kit/person";
import { St } from "../kit/status";
import { Cut, Mono, Strong } from "../kit/text";
import { ExactTime } from "../kit/time";
import s from "./audit.module.css";

/** A person, a person's key, or Interlock itself. */
export function Actor({ row, cut }: { row: AuditShape; cut?: boolean }) {
  const name = cut ? (
    <Cut className={s.who} title={row.actor.name}>
      {row.actor.name}
    </Cut>
  ) : (
    row.actor.name
  );
  switch (row.actor.type) {
    case "person":
      return <Person name={row.actor.name} />;
    case "key":
      return <St icon={<IconKey size={14} aria-hidden />}>{name}</St>;
    default:
      return (
        <St tone="quiet" icon={<IconServer size={14} aria-hidden />}>
          {name}
        </St>
      );
  }
}

export const auditColumns: Column<AuditShape>[] = [
  { id: "seq", header: "Row", card: "title", cell: (row) => <Mono>{integer(row.seq)}</Mono> },
  { id: "at", header: "Time", dim: true, card: "state", cell: (row) => <ExactTime at={row.at} /> },
  {
    id: "who",
    header: "Who",
    cell: (row) => <Actor row={row} cut />,
  },
  { id: "action", header: "Action", cell: (row) => <Mono>{row.action}</Mono> },
  {
    id: "target",
    header: "Of what",
    cell: (row) => (
      <span title={`${row.target.type} ${row.target.id}`}>
        {row.target.type} <Strong>{shorten(row.target.id, 8, 3)}</Strong>
      </span>
    ),
  },
  {
    id: "summary",
    header: "What",
    dim: true,
    card: "foot",
    cell: (row) => (
      <span className={s.summary} title={row.summary}>
        {row.summary}
      </span>
    ),
  },
];
