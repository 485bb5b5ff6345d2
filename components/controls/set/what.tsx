"use client";

import { IconBolt, IconEye, IconVolumeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { PreviewShape } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { type Column, DataTable } from "../../kit/data-table";
import { clockUtc, counted, duration, integer } from "../../kit/numbers";
import { Figures, Panel } from "../../kit/panel";
import { Gate } from "../../kit/status";
import { Strong } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { previewQuery } from "../queries";
import type { Scope, SetMode } from "../search-params";
import { blocks, KIND_WORDS } from "../words";
import s from "./what.module.css";

type AgentRow = PreviewShape["agents"][number];
const COLUMNS: Column<AgentRow>[] = [
  { id: "agent", header: "Agent", card: "title", cell: (r) => <Strong>{r.agent_id}</Strong> },
  { id: "gate", header: "Gate", card: "state", cell: (r) => <Gate enforced={r.gate === "enforced"} /> },
  { id: "runs", header: "Runs", align: "right", cell: (r) => integer(r.runs) },
  { id: "instances", header: "Instances", align: "right", cell: (r) => integer(r.instances) },
  {
    id: "lag",
    header: "Usual lag",
    align: "right",
    cell: (r) => (r.usual_lag_ms === null ? "–" : duration(r.usual_lag_ms / 1000)),
  },
];

/** Those with the most runs; the counts above are of all. */
const SHOWN = 8;

const TITLES: Record<SetMode, string> = {
  stop: "What will stop",
  pause: "What will hold",
  safe_mode: "What is narrowed",
};

/** The consequences, live, before the red button. */
export function WhatWillStop({ mode, scope }: { mode: SetMode; scope: Scope }) {
  const { slug } = usePlace().environment;
  const preview = useQuery(previewQuery(slug, scope));
  const { data } = preview;
  const unnamed = scope.kind !== "environment" && !scope.key;
  const title = blocks(scope.kind) ? "Who is told" : TITLES[mode];
  if (unnamed)
    return (
      <Panel title={title} padded>
        <p className={s.hint}>Name the {KIND_WORDS[scope.kind].plain} to see what it concerns.</p>
      </Panel>
    );
  if (preview.isError)
    return (
      <Problem
        title="What it concerns is not known"
        error={preview.error}
        path="GET /api/v1/switches/preview"
        onRetry={() => void preview.refetch()}
      >
        The switch itself still works.
      </Problem>
    );
  const agents = data?.agents ?? [];
  const as = data ? `as of ${clockUtc(new Date(preview.dataUpdatedAt))}, live` : "counting…";
  return (
    <Panel title={title} sub={as} className={s.what}>
      <Figures
        bare
        large
        label="Counts"
        items={[
          { label: "Runs", value: integer(data?.runs) },
          { label: "Instances", value: integer(data?.instances) },
          { label: "Agents", value: integer(data?.agents.length) },
        ]}
      />
      <DataTable
        label="Agents it concerns"
        cards
        columns={COLUMNS}
        rows={agents.slice(0, SHOWN)}
        rowId={(row) => row.agent_id}
        loading={preview.isPending}
        empty="No agent runs and no instance is heard: it would hold whoever comes."
      />
      {agents.length > SHOWN && (
        <p className={s.more}>and {counted(agents.length - SHOWN, "more agent")}, with fewer runs</p>
      )}
      {data && <Notes data={data} mode={mode} scope={scope} />}
    </Panel>
  );
}

function Notes({ data, mode, scope }: { data: PreviewShape; mode: SetMode; scope: Scope }) {
  const cooperative = data.agents.filter((agent) => agent.gate === "cooperative");
  const lost = data.agents.filter((agent) => agent.lost_instances > 0);
  const silent = lost.reduce((sum, agent) => sum + agent.lost_instances, 0);
  // said only where nobody of these agents is heard: else it is the time of one that lives
  const dead = lost.every((agent) => agent.instances === 0);
  const heard = (dead ? lost : []).reduce<string | null>(
    (last, { last_heard_at: at }) => (at && (!last || at > last) ? at : last),
    null,
  );
  return (
    <div>
      {cooperative.length > 0 && (
        <Said icon={<IconEye size={15} aria-hidden />} warn>
          <b>
            {cooperative.length === 1
              ? `${cooperative[0]?.agent_id ?? "One agent"} is cooperative.`
              : `${counted(cooperative.length, "agent")} are cooperative.`}
          </b>{" "}
          They obey only when they next ask. Nothing here can hold their calls.
        </Said>
      )}
      {lost.length > 0 && (
        <Said icon={<IconVolumeOff size={15} aria-hidden />} warn>
          <b>
            {counted(silent, "instance")} of{" "}
            {lost.length <= 3 ? lost.map((agent) => agent.agent_id).join(", ") : counted(lost.length, "agent")}{" "}
            {silent === 1 ? "is" : "are"} lost
          </b>
          {heard ? (
            <>
              , last heard <RelativeTime at={heard} />, and not counted above.{" "}
            </>
          ) : (
            ", not counted above. "
          )}
          By their own rule they act when what they know grows stale.
        </Said>
      )}
      <Said icon={<IconBolt size={15} aria-hidden />}>
        {blocks(scope.kind) ? (
          <>Runs go on. Calls that have begun will finish.</>
        ) : mode === "stop" ? (
          <>
            <b>What is written stays written.</b> Calls that have begun will finish.
          </>
        ) : mode === "pause" ? (
          <>Calls that have begun will finish; then each run waits where it is.</>
        ) : (
          <>Runs go on with the tools that safe mode leaves; no approval lifts it.</>
        )}
      </Said>
    </div>
  );
}

const Said = ({ icon, warn, children }: { icon: ReactNode; warn?: boolean; children: ReactNode }) => (
  <div className={s.said} data-warn={warn || undefined}>
    {icon}
    <span>{children}</span>
  </div>
);
