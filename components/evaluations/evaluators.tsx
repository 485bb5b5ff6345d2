"use client";

import { Button } from "@mantine/core";
import { IconGavel, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EvaluatorShape } from "@/lib/evaluations/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { ConfirmReason } from "../kit/confirm";
import { type Column, DataTable } from "../kit/data-table";
import { integer, percent } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { Dim, Strong } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { detailOf, Problem } from "../runs/problem";
import t from "../tenancy/tenancy.module.css";
import { EvaluatorForm } from "./evaluator-form";
import { EvaluatorState, troubleOf } from "./evaluator-state";
import { Said } from "./probes";
import { evaluatorsQuery } from "./queries";
import { evaluatorExchange } from "./snippets";
import { NEEDS_OWNER } from "./words";

type Open = { kind: "new" } | { kind: "change" | "delete"; of: EvaluatorShape } | null;
const judges = (e: EvaluatorShape): string =>
  [e.agent_ids.join(", ") || "every agent", e.task_types.join(", ")].filter(Boolean).join("; task types ");

const COLUMNS: Column<EvaluatorShape>[] = [
  {
    id: "evaluator",
    header: "Evaluator",
    card: "title",
    cell: (e) => (
      <>
        <Strong>{e.slug}</Strong> <Dim title={e.url}>{new URL(e.url).host}</Dim>
      </>
    ),
  },
  { id: "state", header: "State", card: "state", cell: (e) => <EvaluatorState of={e} /> },
  { id: "judges", header: "Judges", dim: true, cell: judges },
  { id: "sample", header: "Of the runs", align: "right", cell: (e) => percent(e.sample) },
  { id: "scored", header: "Scored, 24 h", align: "right", cell: (e) => integer(e.scored_24h) },
  { id: "failed", header: "Failed, 24 h", align: "right", cell: (e) => integer(e.failed_24h) },
  { id: "last", header: "Last asked", dim: true, cell: (e) => <RelativeTime at={e.last_asked_at} /> },
  { id: "why", header: "What it said", card: "foot", cell: (e) => <Said text={troubleOf(e)} /> },
];

/** Who is asked what ended runs are worth: what stands in no span. */
export function Evaluators() {
  const { environment, may } = usePlace();
  const [open, setOpen] = useState<Open>(null);
  const read = useQuery(evaluatorsQuery(environment.slug));
  const allowed = may["readiness.write"] === true;
  const close = () => setOpen(null);
  const acts: Column<EvaluatorShape> = {
    id: "acts",
    header: "Acts",
    quietHead: true,
    align: "right",
    card: "foot",
    cell: (of) => (
      <span className={t.acts}>
        {(["change", "delete"] as const).map((kind) => (
          <button key={kind} type="button" className={t.link} onClick={() => setOpen({ kind, of })}>
            {kind === "change" ? "Change…" : "Delete…"}
            <span className="il-sr"> {of.slug}</span>
          </button>
        ))}
      </span>
    ),
  };
  const make = (
    <Button
      size="xs"
      leftSection={<IconPlus size={13} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      onClick={() => setOpen({ kind: "new" })}
    >
      New evaluator…
    </Button>
  );
  if (read.isError && !read.data)
    return (
      <Problem
        title="The evaluators could not be read"
        error={read.error}
        path="GET /api/v1/evaluators"
        onRetry={() => void read.refetch()}
      />
    );
  if (!read.data) return <Loading what="evaluators" shape="panel" rows={4} />;
  const { items } = read.data;
  return (
    <>
      {items.length === 0 ? (
        <Empty
          icon={IconGavel}
          title="Nobody judges what runs are worth yet"
          actions={make}
          code={evaluatorExchange}
          language="json"
          codeLabel="What it is sent, and what it answers"
          copyLabel="Copy the body"
        >
          Rules see what is in the spans. What no span can show, a result that was made up, an answer beside the
          question, a goal that drifted, needs somebody who reads the run. An evaluator is an address of yours, a model
          behind it or not, that is sent each run once it has ended and answers with scores. A rule on{" "}
          <code>eval_score</code> hears of them within a second. It never holds up a run.
        </Empty>
      ) : (
        <Panel
          title="Evaluators"
          sub="asked about each run once it has ended"
          right={make}
          foot={
            <span>What it is sent is what is stored, redacted as it is. Scores are read per agent and per run.</span>
          }
        >
          <DataTable
            label="Evaluators"
            cards
            columns={allowed ? [...COLUMNS, acts] : COLUMNS}
            rows={items}
            rowId={(e) => e.slug}
          />
        </Panel>
      )}
      {open?.kind === "new" && <EvaluatorForm onClose={close} />}
      {open?.kind === "change" && <EvaluatorForm of={open.of} onClose={close} />}
      {open?.kind === "delete" && <DeleteEvaluator of={open.of} onClose={close} />}
    </>
  );
}

function DeleteEvaluator({ of, onClose }: { of: EvaluatorShape; onClose: () => void }) {
  const act = useAct({
    topics: ["evaluations"],
    run: (call, reason: string) =>
      call.delete<{ audit_row: number }>(
        `/evaluators/${encodeURIComponent(of.slug)}?reason=${encodeURIComponent(reason)}`,
      ),
    said: () => `The evaluator ${of.slug} is deleted`,
    done: onClose,
  });
  return (
    <ConfirmReason
      opened
      onClose={onClose}
      title={`Delete the evaluator ${of.slug}`}
      confirmLabel={`Delete ${of.slug}`}
      destructive
      busy={act.isPending}
      error={detailOf(act.error)}
      facts={[
        { term: "Address", value: of.url },
        { term: "Judges", value: judges(of) },
      ]}
      onConfirm={(reason) => act.mutate(reason)}
    >
      It is asked about no further run, and rules on its scores have nothing to see. Its scores stay.
    </ConfirmReason>
  );
}
