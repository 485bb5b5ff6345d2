"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconTestPipe, IconX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { CheckpointShape, EvaluationShape } from "@/lib/evaluations/schema";
import type { RunShape } from "@/lib/runs/schema";
import { useOrigin } from "../connect/use-origin";
import d from "../decisions/run-tabs.module.css";
import { usePlace } from "../frame/place";
import { CopyId } from "../kit/copy";
import { type Column, DataTable } from "../kit/data-table";
import { compact, counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { St } from "../kit/status";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { Problem } from "../runs/problem";
import { Said } from "./probes";
import { runCheckpointsQuery, runEvaluationsQuery } from "./queries";
import { scoreCall } from "./snippets";

function Passed({ of }: { of: EvaluationShape }) {
  if (of.passed === null) return <>–</>;
  const Icon = of.passed ? IconCheck : IconX;
  return (
    <St tone={of.passed ? "good" : "bad"} icon={<Icon size={14} aria-hidden />}>
      {of.passed ? "passed" : "not passed"}
    </St>
  );
}

const SCORES: Column<EvaluationShape>[] = [
  { id: "name", header: "Score", card: "title", cell: (e) => <Mono>{e.name}</Mono>, sortBy: (e) => e.name },
  { id: "passed", header: "Verdict", card: "state", cell: (e) => <Passed of={e} /> },
  { id: "score", header: "0 to 1", align: "right", cell: (e) => e.score.toFixed(2), sortBy: (e) => e.score },
  { id: "evaluator", header: "Evaluator", dim: true, cell: (e) => e.evaluator, sortBy: (e) => e.evaluator },
  { id: "span", header: "Span", cell: (e) => (e.span_id ? <CopyId id={e.span_id} name="span id" /> : "the whole run") },
  { id: "at", header: "At", dim: true, cell: (e) => <ExactTime at={e.at} />, sortBy: (e) => e.at },
  { id: "notes", header: "Notes", card: "foot", cell: (e) => <Said text={e.notes} /> },
];

function Checked({ of }: { of: CheckpointShape }) {
  if (of.mismatch_at)
    return (
      <St tone="bad" icon={<IconAlertTriangle size={14} aria-hidden />}>
        did not match, <ExactTime at={of.mismatch_at} />
      </St>
    );
  if (of.verified_at)
    return (
      <St tone="good" icon={<IconCheck size={14} aria-hidden />}>
        matched, <ExactTime at={of.verified_at} />
      </St>
    );
  return <>not asked</>;
}

const CHECKPOINTS: Column<CheckpointShape>[] = [
  { id: "step", header: "Step", card: "title", cell: (c) => c.step },
  { id: "checked", header: "On resume", card: "state", cell: (c) => <Checked of={c} /> },
  { id: "id", header: "Checkpoint", cell: (c) => <CopyId id={c.checkpoint_id} name="checkpoint id" /> },
  {
    id: "hash",
    header: "State",
    cell: (c) => <CopyId id={c.state_hash} name="hash of the state" head={12} tail={4} />,
  },
  { id: "bytes", header: "Bytes", align: "right", cell: (c) => compact(c.bytes) },
  { id: "at", header: "Saved", dim: true, cell: (c) => <ExactTime at={c.at} /> },
];

/** What evaluators found of this run, and the states it saved on its way. */
export function RunEvaluations({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  const origin = useOrigin();
  const scores = useInfiniteQuery(runEvaluationsQuery(slug, run.run_id));
  const saved = useInfiniteQuery(runCheckpointsQuery(slug, run.run_id));
  if (scores.isPending || saved.isPending) return <Loading what="evaluations" shape="rows" rows={6} />;
  for (const [read, path] of [
    [scores, "evaluations"],
    [saved, "checkpoints"],
  ] as const)
    if (read.isError && !read.data)
      return (
        <div className={d.page}>
          <Problem
            title={`The ${path} could not be read`}
            error={read.error}
            path={`/api/v1/${path}?run_id=${run.run_id}`}
            onRetry={() => void read.refetch()}
          />
        </div>
      );
  const rows = scores.data?.pages.flatMap((page) => page.items) ?? [];
  const checkpoints = saved.data?.pages.flatMap((page) => page.items) ?? [];
  const agent = `/${slug}/evaluations?agent=${encodeURIComponent(run.agent_id)}`;
  return (
    <div className={d.page}>
      {rows.length === 0 ? (
        <Empty
          icon={IconTestPipe}
          title="Nobody has scored this run"
          code={scoreCall(origin, run.run_id)}
          codeLabel="Score this run"
        >
          An evaluator, a model, a check or a person, says how good the answer was: a name, a score from 0 to 1, and
          whether it passed. Rules over <code>eval_score</code> look at the run again with each score.
        </Empty>
      ) : (
        <Panel
          title="Evaluations"
          sub={counted(rows.length, "score")}
          right={<TextLink href={agent}>{run.agent_id} over time</TextLink>}
          foot={more(scores, "Load earlier scores")}
        >
          <DataTable
            label="Evaluations"
            cards
            keys
            columns={SCORES}
            rows={rows}
            rowId={(e) => e.evaluation_id}
            rowTone={(e) => (e.passed === false ? "bad" : undefined)}
          />
        </Panel>
      )}
      {checkpoints.length > 0 && (
        <Panel
          title="Checkpoints"
          sub={`${counted(checkpoints.length, "state")} saved, newest first`}
          foot={more(saved, "Load earlier checkpoints")}
        >
          <DataTable
            label="Checkpoints"
            cards
            columns={CHECKPOINTS}
            rows={checkpoints}
            rowId={(c) => c.checkpoint_id}
            rowTone={(c) => (c.mismatch_at ? "bad" : undefined)}
          />
        </Panel>
      )}
    </div>
  );
}

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
const more = (of: Pages, what: string) =>
  of.hasNextPage ? (
    <Button size="xs" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      {what}
    </Button>
  ) : undefined;
