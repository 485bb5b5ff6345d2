"use client";

import { Button } from "@mantine/core";
import { IconListCheck, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Probe, ReleaseChecklistShape } from "@/lib/evaluations/schema";
import { query } from "../api";
import { useOrigin } from "../connect/use-origin";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { type Column, DataTable } from "../kit/data-table";
import { duration } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { Mono } from "../kit/text";
import { detailOf, Problem } from "../runs/problem";
import { ChecklistForm } from "./checklist-form";
import { checklistsQuery } from "./queries";
import { probeCall } from "./snippets";
import { NEEDS_OWNER } from "./words";

const COLUMNS: Column<Probe>[] = [
  { id: "name", header: "Probe", card: "title", cell: (p) => <Mono>{p.name}</Mono> },
  { id: "type", header: "Type", dim: true, cell: (p) => p.type },
  { id: "max", header: "At most", cell: (p) => (p.max_latency_ms ? duration(p.max_latency_ms / 1000) : "–") },
  { id: "status", header: "HTTP status", cell: (p) => p.expected_status ?? "–" },
  {
    id: "by",
    header: "Run by",
    dim: true,
    cell: (p) => (p.url ? `Interlock, every ${p.interval_s ?? 300} s of a canary` : "whoever posts what it showed"),
  },
];

/** Which probes a new version passes before it is rolled out to all, runbook by runbook. */
export function Checklists() {
  const { environment, may } = usePlace();
  const origin = useOrigin();
  const [making, setMaking] = useState(false);
  const read = useQuery(checklistsQuery(environment.slug));
  const allowed = may["readiness.write"] === true;
  const make = (
    <Button
      variant={read.data?.items.length ? "filled" : "default"}
      leftSection={<IconPlus size={15} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      onClick={() => setMaking(true)}
    >
      New checklist…
    </Button>
  );
  if (read.isError && !read.data)
    return (
      <Problem
        title="The release checklists could not be read"
        error={read.error}
        path="GET /api/v1/release-checklists"
        onRetry={() => void read.refetch()}
      />
    );
  if (!read.data) return <Loading what="release checklists" shape="panel" rows={6} />;
  return (
    <>
      {read.data.items.length === 0 ? (
        <Empty
          icon={IconListCheck}
          title="No release checklist yet"
          actions={make}
          code={probeCall(origin, "my-agent", "1.0.0", "sanity-check")}
          codeLabel="Post what a probe showed"
        >
          A release checklist names the probes of a runbook that a version passes before it takes all the runs. Whoever
          runs a probe posts what it showed; the newest result of each counts, and <i>not run</i> is no pass.
        </Empty>
      ) : (
        <>
          <div>{make}</div>
          {read.data.items.map((list) => (
            <One key={list.runbook} of={list} allowed={allowed} />
          ))}
        </>
      )}
      {making && <ChecklistForm onClose={() => setMaking(false)} />}
    </>
  );
}

function One({ of, allowed }: { of: ReleaseChecklistShape; allowed: boolean }) {
  const [act, setAct] = useState<"change" | "delete" | null>(null);
  const remove = useAct({
    topics: ["evaluations"],
    run: (call, reason: string) =>
      call.delete<{ audit_row?: number } | null>(
        `/release-checklists/${encodeURIComponent(of.runbook)}${query({ reason })}`,
      ),
    said: () => `The release checklist of ${of.runbook} is deleted`,
  });
  const why = allowed ? undefined : NEEDS_OWNER;
  return (
    <Panel
      title={of.runbook}
      sub={`${of.agent_ids.length === 0 ? "every agent" : of.agent_ids.join(", ")}, revision ${of.revision} by ${of.updated_by}`}
      right={
        <>
          <Button size="xs" disabled={!allowed} title={why} onClick={() => setAct("change")}>
            Change…
          </Button>
          <Button size="xs" disabled={!allowed} title={why} onClick={() => setAct("delete")}>
            Delete…
          </Button>
        </>
      }
      foot={of.note ? `“${of.note}”` : undefined}
    >
      <DataTable
        label={`Probes of ${of.runbook}`}
        cards
        dense
        columns={COLUMNS}
        rows={of.probes}
        rowId={(p) => p.name}
      />
      {act === "change" && <ChecklistForm of={of} onClose={() => setAct(null)} />}
      <ConfirmReason
        opened={act === "delete"}
        onClose={() => setAct(null)}
        title={`Delete the release checklist of ${of.runbook}`}
        confirmLabel="Delete the checklist"
        destructive
        busy={remove.isPending}
        error={detailOf(remove.error)}
        onConfirm={(reason) => remove.mutate(reason)}
      >
        Versions are not held to its probes any more. What the probes showed stays.
      </ConfirmReason>
    </Panel>
  );
}
