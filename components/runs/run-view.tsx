"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import type { RunShape } from "@/lib/runs/schema";
import { RunDecisions } from "../decisions/run-decisions";
import { RunEffects } from "../decisions/run-effects";
import { countOf, runDecisionsQuery, runEffectsQuery } from "../decisions/run-queries";
import { runEvaluationsQuery } from "../evaluations/queries";
import { RunEvaluations } from "../evaluations/run-evaluations";
import { usePlace } from "../frame/place";
import { Loading } from "../kit/states";
import { ViewTabs } from "../kit/view-tabs";
import s from "./detail/detail.module.css";
import { RunHead } from "./detail/head";
import { NoSpans } from "./detail/no-spans";
import { RawTab } from "./detail/raw";
import { StopProgress } from "./detail/stop-progress";
import { TurnsTab } from "./detail/turns";
import { useSpans } from "./detail/use-spans";
import { Problem } from "./problem";
import { runQuery } from "./queries";
import { type RunTab, runTabParam } from "./search-params";
import { TimelineTab } from "./timeline/timeline";

export function RunView({ runId }: { runId: string }) {
  const { environment } = usePlace();
  const run = useQuery(runQuery(environment.slug, runId));
  if (run.data) return <Shown run={run.data} />;
  if (run.isError)
    return (
      <div className={s.alone}>
        <Problem title="The run could not be read" error={run.error} onRetry={() => void run.refetch()} />
      </div>
    );
  return <Loading what="the run" />;
}

function Shown({ run }: { run: RunShape }) {
  const { environment } = usePlace();
  const [tab, setTab] = useQueryState("tab", runTabParam.withOptions({ history: "push" }));
  const { spans, loading, reading, error, retry, more } = useSpans(environment.slug, run);
  const counts = useCounts(environment.slug, run);
  const body = () => {
    if (tab === "decisions") return <RunDecisions run={run} />;
    if (tab === "effects") return <RunEffects run={run} />;
    if (tab === "evaluations") return <RunEvaluations run={run} />;
    if (error && spans.length === 0)
      return (
        <div className={s.alone}>
          <Problem title="The spans could not be read" error={error} onRetry={retry} />
        </div>
      );
    if (loading && run.spans > 0) return <Loading what="spans" shape="rows" rows={10} />;
    if (spans.length === 0 && tab !== "raw") return <NoSpans run={run} />;
    switch (tab) {
      case "timeline":
        return <TimelineTab run={run} spans={spans} reading={reading} more={more} />;
      case "turns":
        return <TurnsTab run={run} spans={spans} more={more} />;
      case "raw":
        return <RawTab run={run} spans={spans} more={more} />;
    }
  };
  return (
    <>
      <RunHead run={run} />
      <StopProgress run={run} />
      <ViewTabs
        label="Run"
        look="underline"
        value={tab}
        onChange={(id) => void setTab(id as RunTab)}
        views={[
          { id: "timeline", label: "Timeline", count: run.spans > 0 ? run.spans : undefined },
          { id: "turns", label: "Turns", count: run.model_calls > 0 ? run.model_calls : undefined },
          { id: "decisions", label: "Decisions", count: counts.decisions },
          { id: "effects", label: "Effects", count: counts.effects },
          { id: "evaluations", label: "Evaluations", count: counts.evaluations },
          { id: "raw", label: "Raw" },
        ]}
      />
      {body()}
    </>
  );
}

/** "6" and "2, 1 unknown" for the tabs. */
function useCounts(environment: string, run: RunShape) {
  const live = run.status === "running" || run.status === "waiting";
  const decisions = useInfiniteQuery(runDecisionsQuery(environment, run.run_id, live, false));
  const effects = useInfiniteQuery(runEffectsQuery(environment, run.run_id));
  const evaluations = useInfiniteQuery(runEvaluationsQuery(environment, run.run_id));
  const unknown = effects.data?.pages.flatMap((page) => page.items).filter((row) => row.status === "unknown").length;
  const written = countOf(effects.data?.pages);
  return {
    decisions: countOf(decisions.data?.pages),
    effects: unknown ? `${written}, ${unknown} unknown` : written,
    evaluations: countOf(evaluations.data?.pages),
  };
}
