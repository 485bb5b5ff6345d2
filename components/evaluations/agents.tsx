"use client";

import type { MeasuredShape } from "@/lib/evaluations/schema";
import { type Column, DataTable } from "../kit/data-table";
import { integer } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";

type Measured = MeasuredShape["items"][number];
const some = (n: number): string => (n === 0 ? "–" : integer(n));

/** Every agent of which anything was measured. */
export function Agents(props: { items: Measured[]; slug: string; onOpen: (agentId: string) => void }) {
  const { items, slug, onOpen } = props;
  const columns: Column<Measured>[] = [
    {
      id: "agent",
      header: "Agent",
      card: "title",
      cell: (a) => (
        <TextLink href={`/${slug}/evaluations?agent=${encodeURIComponent(a.agent_id)}`} plain>
          {a.agent_id}
        </TextLink>
      ),
      sortBy: (a) => a.agent_id,
    },
    { id: "names", header: "Scores", dim: true, cell: (a) => a.names.join(", ") || "–" },
    {
      id: "count",
      header: "Scored, 90 d",
      align: "right",
      cell: (a) => some(a.evaluations),
      sortBy: (a) => a.evaluations,
    },
    { id: "canaries", header: "Canaries", align: "right", cell: (a) => some(a.canaries), sortBy: (a) => a.canaries },
    { id: "probes", header: "Probes", align: "right", cell: (a) => some(a.probes), sortBy: (a) => a.probes },
    {
      id: "golden",
      header: "Golden tasks",
      align: "right",
      cell: (a) => some(a.golden_tasks),
      sortBy: (a) => a.golden_tasks,
    },
    { id: "last", header: "Last", dim: true, cell: (a) => <RelativeTime at={a.last_at} />, sortBy: (a) => a.last_at },
  ];
  return (
    <Panel label="Agents that were measured">
      <DataTable
        label="Agents that were measured"
        cards
        keys
        columns={columns}
        rows={items}
        rowId={(a) => a.agent_id}
        onOpen={(a) => onOpen(a.agent_id)}
      />
    </Panel>
  );
}
