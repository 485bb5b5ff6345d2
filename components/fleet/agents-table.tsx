"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";
import type { StateShape } from "@/lib/controls/schema";
import type { AgentShape } from "@/lib/fleet/schema";
import type { ActivityShape } from "@/lib/runs/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { integer, money, percent } from "../kit/numbers";
import { Spark } from "../kit/spark";
import { Gate } from "../kit/status";
import { Dim } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { AgentName, AgentState, agentHref, Instances, silent } from "./parts";
import { ReviewLink } from "./review";

export { silent } from "./parts";

type Did = ActivityShape["agents"][number];
export type AgentRow = AgentShape & { did: Did | undefined; ended: number };

function rowsOf(agents: AgentShape[], activity: ActivityShape | undefined): AgentRow[] {
  const byId = new Map(activity?.agents.map((each) => [each.agent_id, each]));
  return agents
    .map((agent) => {
      const did = byId.get(agent.agent_id);
      return { ...agent, did, ended: did?.per_bucket.reduce((a, b) => a + b, 0) ?? 0 };
    })
    .sort((a, b) => (b.did?.runs ?? 0) - (a.did?.runs ?? 0) || a.agent_id.localeCompare(b.agent_id));
}

/** The busiest, and whoever is silent: what should report and does not must not be cut off. */
function cut(rows: AgentRow[], top: number): AgentRow[] {
  if (rows.length <= top) return rows;
  const quiet = rows.filter(silent);
  return [...rows.filter((row) => !silent(row)).slice(0, Math.max(0, top - quiet.length)), ...quiet].slice(0, top);
}

function errorRate({ ended, did }: AgentRow): ReactNode {
  if (ended === 0) return <Dim>–</Dim>;
  if (ended === 1) return <Dim>1 run</Dim>;
  return percent((did?.not_success ?? 0) / ended);
}

export function AgentsTable(props: {
  agents: AgentShape[];
  activity: ActivityShape | undefined;
  state: StateShape | undefined;
  bucket: string;
  loading?: boolean;
  /** No more rows than this. */
  top?: number;
  /** With the act of reviewing, and j and k on the whole page. */
  full?: boolean;
  empty?: ReactNode;
}) {
  const { agents, activity, state, bucket, loading, top, full, empty } = props;
  const router = useRouter();
  const { slug } = usePlace().environment;
  const rows = useMemo(() => {
    const all = rowsOf(agents, activity);
    return top ? cut(all, top) : all;
  }, [agents, activity, top]);
  const columns = useMemo<Column<AgentRow>[]>(
    () => [
      {
        id: "agent",
        header: "Agent",
        card: "title",
        cell: (row) => <AgentName agent={row} />,
        sortBy: full ? (row) => row.agent_id : undefined,
      },
      { id: "state", header: "State", card: "state", cell: (row) => <AgentState agent={row} state={state} /> },
      { id: "gate", header: "Gate", cell: (row) => <Gate enforced={row.gate === "enforced"} /> },
      {
        id: "spark",
        header: `Runs ${bucket}`,
        card: "none",
        cell: (row) => (
          <Spark
            data={row.did?.per_bucket ?? []}
            bad={row.did?.bad_per_bucket}
            label={`Runs ${bucket} of ${row.agent_id}`}
          />
        ),
      },
      {
        id: "runs",
        header: "Runs",
        align: "right",
        cell: (row) => integer(row.did?.runs ?? 0),
        sortBy: full ? (row) => row.did?.runs ?? 0 : undefined,
      },
      {
        id: "errors",
        header: "Error rate",
        align: "right",
        cell: errorRate,
        sortBy: full ? (row) => (row.ended > 0 ? (row.did?.not_success ?? 0) / row.ended : null) : undefined,
      },
      {
        id: "cost",
        header: "Cost",
        align: "right",
        cell: (row) => money(row.did?.cost_usd ?? 0),
        sortBy: full ? (row) => row.did?.cost_usd ?? 0 : undefined,
      },
      { id: "instances", header: "Instances", align: "right", cell: (row) => <Instances agent={row} /> },
      {
        id: "seen",
        header: "Last seen",
        align: "right",
        dim: true,
        cell: (row) => <RelativeTime at={row.last_seen_at} />,
        sortBy: full ? (row) => row.last_seen_at : undefined,
      },
      ...(full
        ? [
            {
              id: "act",
              header: "Act",
              quietHead: true,
              align: "right" as const,
              card: "foot" as const,
              cell: (row: AgentRow) => <ReviewLink agent={row} />,
            },
          ]
        : []),
    ],
    [state, bucket, full],
  );
  return (
    <DataTable
      label="Agents"
      columns={columns}
      rows={rows}
      rowId={(row) => row.agent_id}
      loading={loading}
      cards
      keys={full}
      rowTone={(row) => (silent(row) ? "warn" : undefined)}
      onOpen={(row) => router.push(agentHref(slug, row.agent_id))}
      empty={empty}
    />
  );
}
