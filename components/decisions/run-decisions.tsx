"use client";

import { Button, SegmentedControl } from "@mantine/core";
import { IconGavel } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo, useRef, useState } from "react";
import type { RunShape } from "@/lib/runs/schema";
import { usePlace } from "../frame/place";
import { DataTable } from "../kit/data-table";
import { Split } from "../kit/layout";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { Problem } from "../runs/problem";
import { decisionColumns } from "./decision-columns";
import { decisionQuery } from "./queries";
import { countOf, runDecisionsQuery } from "./run-queries";
import s from "./run-tabs.module.css";
import { runDecisionParams } from "./search-params";
import { Why } from "./why";

const isLive = (run: RunShape): boolean => run.status === "running" || run.status === "waiting";

/** Every question of the run, newest first; the one chosen is explained beside it. */
export function RunDecisions({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  const [{ decision, outcome }, setParams] = useQueryStates(runDecisionParams, { history: "replace" });
  const refused = outcome === "refused";
  const list = useInfiniteQuery(runDecisionsQuery(slug, run.run_id, isLive(run), refused));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const inList = rows.find((row) => row.decision_id === decision);
  const alone = useQuery({
    ...decisionQuery(slug, decision ?? ""),
    enabled: decision !== null && !inList && !list.isPending,
  });
  const [pinned, setPinned] = useState<string | null>(null);
  const first = rows.find((row) => row.answer.outcome !== "allow") ?? rows[0];
  // What arrives must not move what is read.
  if (pinned === null && first) setPinned(first.decision_id);
  const shown = decision ? (inList ?? alone.data) : (rows.find((row) => row.decision_id === pinned) ?? first);
  const why = useRef<HTMLDivElement>(null);
  const choose = (id: string) => {
    void setParams({ decision: id });
    // Where the two stand one below the other, the answer comes to whoever asked.
    requestAnimationFrame(() => why.current?.scrollIntoView({ block: "nearest" }));
  };
  if (list.isPending) return <Loading what="decisions" shape="rows" rows={10} />;
  if (list.isError && rows.length === 0)
    return (
      <div className={s.page}>
        <Problem
          title="The decisions could not be read"
          error={list.error}
          path={`/api/v1/decisions?run_id=${run.run_id}`}
          onRetry={() => void list.refetch()}
        />
      </div>
    );
  if (rows.length === 0 && !refused && !decision) return <NoDecisions run={run} />;
  return (
    <div className={s.page}>
      <Split side={360}>
        <Panel
          title={refused ? "Not allowed" : "Decisions"}
          sub={rows.length === 0 ? "none" : `${countOf(list.data?.pages)}, newest first`}
          right={
            <SegmentedControl
              aria-label="Which decisions"
              value={refused ? "refused" : "all"}
              onChange={(value) => void setParams({ outcome: value === "refused" ? "refused" : null, decision: null })}
              data={[
                { value: "all", label: "All" },
                { value: "refused", label: "Not allowed" },
              ]}
            />
          }
          foot={
            list.hasNextPage ? (
              <Button size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Load earlier decisions
              </Button>
            ) : undefined
          }
        >
          <DataTable
            label="Decisions"
            dense
            cards
            keys
            columns={decisionColumns}
            rows={rows}
            rowId={(row) => row.decision_id}
            selectedId={shown?.decision_id ?? null}
            onSelect={(row) => choose(row.decision_id)}
            rowTone={(row) => (row.answer.outcome === "deny" ? "bad" : undefined)}
            empty="Whatever this run asked for was allowed."
          />
        </Panel>
        <div className={s.beside} ref={why}>
          {shown ? (
            <Why key={shown.decision_id} row={shown} />
          ) : alone.isError ? (
            <Problem title="This decision could not be read" error={alone.error} onRetry={() => void alone.refetch()} />
          ) : (
            decision && <Loading what="the decision" shape="panel" rows={6} />
          )}
        </div>
      </Split>
    </div>
  );
}

const call = (run: RunShape) => `curl -X POST $INTERLOCK/api/v1/decisions \\
  -H "Authorization: Bearer $INTERLOCK_KEY" \\
  -H "content-type: application/json" \\
  -d '{"run_id":"${run.run_id}","kind":"tool",
    "tool":"search.read","args":{"q":"…"}}'`;

function NoDecisions({ run }: { run: RunShape }) {
  return (
    <div className={s.page}>
      <Empty icon={IconGavel} title="This run has not asked" code={run.source === "api" ? call(run) : undefined}>
        {run.source === "api"
          ? "Before a call an agent may ask whether it may happen. Each answer stands here with its rule, what was left, and what came of it."
          : `It is known from its spans alone, ${counted(run.spans, "span")}. Only a run opened with POST /runs asks before it acts.`}
      </Empty>
    </div>
  );
}
