"use client";

import { Button } from "@mantine/core";
import { IconPencil, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { TargetCheck, TargetDetail } from "@/lib/readiness/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { Checks } from "../kit/checks";
import { type Column, DataTable } from "../kit/data-table";
import { Row } from "../kit/layout";
import { duration } from "../kit/numbers";
import { KeyValue, Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { Mono, TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { Problem } from "../runs/problem";
import { DeleteTarget } from "./delete-target";
import { TargetMark } from "./marks";
import { targetQuery } from "./queries";
import { TargetForm } from "./target-form";
import s from "./targets.module.css";
import { markerWords, NEEDS_OWNER } from "./words";

const CHECKS: Column<TargetCheck>[] = [
  { id: "at", header: "At", card: "title", cell: (c) => <RelativeTime at={c.at} /> },
  {
    id: "marker",
    header: "Marker",
    card: "state",
    cell: (c) => (c.matched === null ? "–" : c.matched ? "found" : c.found === null ? "missing" : `says ${c.found}`),
  },
  { id: "status", header: "Status", align: "right", cell: (c) => c.status ?? "–" },
  { id: "took", header: "Took", align: "right", cell: (c) => (c.latency_ms === null ? "–" : `${c.latency_ms} ms`) },
  { id: "error", header: "What was wrong", card: "foot", dim: true, cell: (c) => c.error ?? "–" },
];

/** The target that was chosen: what it must show, what it showed, and what a launch still asks of it. */
export function TargetOf({ slug, onGone }: { slug: string; onGone: () => void }) {
  const { environment } = usePlace();
  const read = useQuery(targetQuery(environment.slug, slug));
  if (read.isError && !read.data)
    return (
      <Problem
        title="The target could not be read"
        error={read.error}
        path={`GET /api/v1/targets/${slug}`}
        onRetry={() => void read.refetch()}
      />
    );
  return read.data ? <Detail of={read.data} onGone={onGone} /> : <Loading what="the target" shape="panel" rows={6} />;
}

function Detail({ of, onGone }: { of: TargetDetail; onGone: () => void }) {
  const { environment, may } = usePlace();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const look = useAct({
    topics: ["readiness"],
    run: (call, _: null) => call.post<{ audit_row: number }>(`/targets/${encodeURIComponent(of.slug)}/check`),
    said: () => `${of.name} is looked at now`,
  });
  const allowed = may["readiness.write"] === true;
  const act = { disabled: !allowed, title: allowed ? undefined : NEEDS_OWNER, size: "xs" };
  return (
    <Panel
      title={of.name}
      sub={of.slug}
      right={
        <Row>
          <Button
            {...act}
            leftSection={<IconRefresh size={13} aria-hidden />}
            loading={look.isPending}
            onClick={() => look.mutate(null)}
          >
            Check now
          </Button>
          <Button {...act} leftSection={<IconPencil size={13} aria-hidden />} onClick={() => setOpen("edit")}>
            Edit…
          </Button>
          <Button {...act} leftSection={<IconTrash size={13} aria-hidden />} onClick={() => setOpen("delete")}>
            Delete…
          </Button>
        </Row>
      }
    >
      <KeyValue
        padded
        items={[
          { term: "State", value: <TargetMark state={of.state} /> },
          { term: "Because", value: of.why },
          { term: "Address", value: <Mono>{of.url}</Mono> },
          { term: "Marker", value: <Mono>{markerWords(of)}</Mono> },
          { term: "Last seen right", value: <RelativeTime at={of.last_match_at} /> },
          {
            term: "Whose spans",
            value: of.agent_ids.length > 0 ? <Mono>{of.agent_ids.join(", ")}</Mono> : "any agent",
          },
          {
            term: "They say",
            value: of.service.deployment_env ? (
              <Mono>{of.service.deployment_env}</Mono>
            ) : (
              "anything: nobody compares it"
            ),
          },
          {
            term: "Last span",
            value: of.last_span ? (
              <>
                <RelativeTime at={of.last_span.at} />,{" "}
                <TextLink mono href={`/${environment.slug}/runs/${encodeURIComponent(of.last_span.run_id)}`}>
                  {of.last_span.run_id}
                </TextLink>
              </>
            ) : (
              "never"
            ),
          },
          {
            term: "Looked at",
            value: `every ${duration(of.interval_s, "prose")}; silent after ${duration(of.silent_after_s, "prose")}`,
          },
          { term: "Written by", value: of.updated_by },
        ]}
      />
      {of.gate.missing.length > 0 && (
        <div className={s.missing}>
          <h3 className={s.label}>What a launch still asks of it</h3>
          <Checks items={of.gate.missing.map((what) => ({ id: what, state: "no" as const, what }))} />
        </div>
      )}
      <DataTable
        label={`Checks of ${of.name}`}
        cards
        dense
        columns={CHECKS}
        rows={of.checks.slice(0, 10)}
        rowId={(c) => c.at}
        empty="It has not been looked at yet; the worker does within seconds."
      />
      {open === "edit" && <TargetForm of={of} onClose={() => setOpen(null)} onSaved={() => setOpen(null)} />}
      {open === "delete" && <DeleteTarget of={of} onClose={() => setOpen(null)} onGone={onGone} />}
    </Panel>
  );
}
