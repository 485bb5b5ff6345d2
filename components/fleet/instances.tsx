"use client";

import { useMemo } from "react";
import type { StateShape } from "@/lib/controls/schema";
import type { InstanceShape } from "@/lib/fleet/schema";
import { type Column, DataTable } from "../kit/data-table";
import { Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { Obedience } from "../kit/status";
import { Strong } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";

const short = (revision: number): string => (revision === 0 ? "none" : String(revision % 10_000));

/** Who runs it, which revision each acts on against the current one, and when it was last heard. */
export function InstancesPanel({ instances, state }: { instances: InstanceShape[]; state: StateShape | undefined }) {
  const current = state?.revision ?? null;
  const lost = instances.filter((each) => each.lost).length;
  const heard = instances.length - lost;
  const behind = instances.filter((each) => !each.lost && current !== null && each.applied_revision < current).length;
  const columns = useMemo<Column<InstanceShape>[]>(
    () => [
      { id: "instance", header: "Instance", card: "title", cell: (row) => <Strong>{row.instance_id}</Strong> },
      {
        id: "state",
        header: "State",
        card: "state",
        cell: (row) =>
          row.lost ? (
            <Obedience state="lost" />
          ) : current !== null && row.applied_revision >= current ? (
            <Obedience state="seen" />
          ) : (
            <Obedience state="not_seen" />
          ),
      },
      {
        id: "revision",
        header: "Applied revision",
        cell: (row) => (
          <span title={`Revision ${row.applied_revision}, current ${current ?? "unknown"}`}>
            {short(row.applied_revision)}
            {current !== null && row.applied_revision < current ? `, current is ${short(current)}` : ", current"}
          </span>
        ),
      },
      { id: "first", header: "First heard", dim: true, cell: (row) => <ExactTime at={row.first_seen_at} /> },
      {
        id: "heard",
        header: "Last heard",
        align: "right",
        cell: (row) => <RelativeTime at={row.last_heard_at} />,
      },
    ],
    [current],
  );
  return (
    <Panel
      title="Instances"
      sub={instances.length === 0 ? undefined : `${heard} heard, ${lost} lost, ${behind} behind the current revision`}
    >
      {instances.length === 0 ? (
        <Empty bare title="It has never asked for the control state">
          Until it polls <code>/api/v1/control</code> with an instance id, a switch cannot reach it between its runs,
          and nobody can say whether it obeyed.
        </Empty>
      ) : (
        <DataTable
          label="Instances"
          dense
          cards
          columns={columns}
          rows={instances}
          rowId={(row) => row.instance_id}
          rowTone={(row) => (row.lost ? "warn" : undefined)}
        />
      )}
    </Panel>
  );
}
