"use client";

import type { PropagationShape } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { CopyButton } from "../../kit/copy";
import { type Column, DataTable } from "../../kit/data-table";
import { counted, shorten } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Obedience } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import { runHref } from "../../runs/list/columns";
import s from "./propagation.module.css";

type Row = PropagationShape["runs"]["outstanding"][number];
const STATE = { requested: "not_seen", seen: "seen", lost: "lost" } as const;

const RunLink = ({ slug, id }: { slug: string; id: string }) => (
  <span title={id}>
    <TextLink href={runHref(slug, id)} mono>
      {shorten(id, 10, 5)}
    </TextLink>
  </span>
);

const columns = (slug: string): Column<Row>[] => [
  { id: "run", header: "Run", card: "title", cell: (r) => <RunLink slug={slug} id={r.run_id} /> },
  { id: "state", header: "State", card: "state", cell: (r) => <Obedience state={STATE[r.state]} /> },
  { id: "instance", header: "Instance", cell: (r) => r.instance_id ?? "not named" },
  { id: "agent", header: "Agent", dim: true, cell: (r) => r.agent_id },
  { id: "heard", header: "Heard", align: "right", cell: (r) => <RelativeTime at={r.last_activity_at} /> },
];

/** Who has not obeyed yet, by name, first. */
export function Outstanding({ data }: { data: PropagationShape }) {
  const { slug } = usePlace().environment;
  const { outstanding } = data.runs;
  const released = data.switch.released_at !== null;
  return (
    <Panel
      title="Outstanding"
      sub={outstanding.length === 0 ? "none" : `${counted(outstanding.length, "run")}, by name`}
      right={
        outstanding.length > 0 && (
          <CopyButton
            label="Copy list"
            name="List of outstanding runs"
            text={outstanding.map((r) => [r.run_id, r.agent_id, r.instance_id ?? "", r.state].join("\t")).join("\n")}
          />
        )
      }
    >
      {outstanding.length === 0 ? (
        <p className={s.quiet}>
          {data.runs.requested === 0
            ? "No run with the gate was in flight when it was set."
            : released
              ? "Every run had obeyed."
              : `All ${counted(data.runs.requested, "run")} have obeyed.`}
        </p>
      ) : (
        <DataTable
          label="Outstanding runs"
          dense
          cards
          columns={columns(slug)}
          rows={outstanding}
          rowId={(row) => row.run_id}
          rowTone={(row) => (row.state === "lost" ? "warn" : undefined)}
        />
      )}
    </Panel>
  );
}

const LIST = 20;

/** Runs that came without the gate: nothing can prove that they stopped. */
export function Unconfirmable({ data }: { data: PropagationShape }) {
  const { slug } = usePlace().environment;
  const runs = data.runs.unconfirmable;
  if (runs.length === 0) return null;
  return (
    <Panel title="Cannot be confirmed" sub={counted(runs.length, "run")}>
      <p className={s.quiet}>
        These came by OpenTelemetry without the gate. Their agents obey only when they next ask, and nothing here can
        prove it.
      </p>
      <ul className={s.names}>
        {runs.slice(0, LIST).map((run) => (
          <li key={run.run_id}>
            <RunLink slug={slug} id={run.run_id} />
            <span>{run.agent_id}</span>
            <span>{run.status}</span>
          </li>
        ))}
      </ul>
      {runs.length > LIST && <p className={s.quiet}>and {runs.length - LIST} more</p>}
    </Panel>
  );
}
