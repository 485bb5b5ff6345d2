import type { IncidentShape } from "@/lib/incidents/schema";
import type { Column } from "../kit/data-table";
import { duration } from "../kit/numbers";
import { Severity } from "../kit/status";
import { Dim, Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import s from "./incidents.module.css";
import { Commander, IncidentState, Marks } from "./parts";
import { incidentHref } from "./words";

const between = (from: string, to: string | null): string =>
  to === null ? "–" : duration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000);

export const incidentColumns = (slug: string): Column<IncidentShape>[] => [
  {
    id: "title",
    header: "Incident",
    card: "title",
    fixed: true,
    cell: (i) => (
      <span className={s.name}>
        <TextLink plain href={incidentHref(slug, i.incident_id)}>
          {i.incident_id}, {i.title}
        </TextLink>{" "}
        <span className={s.marks}>
          <Marks of={i} />
        </span>
      </span>
    ),
  },
  { id: "severity", header: "Severity", card: "fact", cell: (i) => <Severity level={i.severity} /> },
  { id: "status", header: "Status", card: "state", cell: (i) => <IncidentState status={i.status} /> },
  { id: "commander", header: "Commander", card: "fact", cell: (i) => <Commander of={i} /> },
  {
    id: "category",
    header: "Category",
    card: "fact",
    cell: (i) => (i.category ? <Mono>{i.category}</Mono> : <Dim>–</Dim>),
  },
  { id: "began", header: "Began", dim: true, card: "fact", cell: (i) => <ExactTime at={i.started_at} /> },
  { id: "found", header: "Found", align: "right", card: "fact", cell: (i) => between(i.started_at, i.detected_at) },
  { id: "stopped", header: "Stopped", align: "right", card: "fact", cell: (i) => between(i.started_at, i.stopped_at) },
  { id: "over", header: "Resolved", align: "right", card: "none", cell: (i) => between(i.started_at, i.resolved_at) },
  { id: "runs", header: "Runs", align: "right", card: "fact", cell: (i) => i.runs },
];
