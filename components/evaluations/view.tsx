"use client";

import { Select } from "@mantine/core";
import { IconRobot, IconTestPipe } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useOrigin } from "../connect/use-origin";
import { usePlace } from "../frame/place";
import { Page } from "../kit/layout";
import { PageHead } from "../kit/panel";
import { Empty, Loading, NotAllowed } from "../kit/states";
import { ViewTabs } from "../kit/view-tabs";
import { Problem } from "../runs/problem";
import { Agents } from "./agents";
import { Canary } from "./canary";
import { Checklists } from "./checklists";
import { Evaluators } from "./evaluators";
import { Golden } from "./golden";
import { NewestChecks } from "./newest";
import { checklistsQuery, evaluatorsQuery, measuredQuery } from "./queries";
import { Scores } from "./scores";
import { EVALUATION_VIEWS, evaluationParams } from "./search-params";
import { scoreCall } from "./snippets";
import s from "./view.module.css";

/** The least role that reads them. */
const LEAST = "viewer";

export function EvaluationsView() {
  const { environment, may } = usePlace();
  if (may["evaluations.read"] === true) return <Allowed />;
  return (
    <Page>
      <PageHead title="Evaluations" />
      <NotAllowed what="read the evaluations" role={LEAST} environment={environment.name} />
    </Page>
  );
}

function Allowed() {
  const { slug } = usePlace().environment;
  const [params, setParams] = useQueryStates(evaluationParams, { history: "push" });
  const read = useQuery(measuredQuery(slug));
  const lists = useQuery(checklistsQuery(slug));
  const evaluators = useQuery(evaluatorsQuery(slug));
  const items = read.data?.items ?? [];
  const agentId = params.agent ?? items[0]?.agent_id ?? null;
  const open = (agent: string | null) => void setParams({ agent, view: "agent", canary: null });
  const known = [...new Set([...items.map((i) => i.agent_id), ...(agentId ? [agentId] : [])])];
  return (
    <Page>
      <PageHead title="Evaluations">
        {agentId && params.view === "agent" && (
          <Select
            aria-label="Agent"
            className={s.agent}
            leftSection={<IconRobot size={15} aria-hidden />}
            data={known}
            value={agentId}
            allowDeselect={false}
            searchable
            onChange={open}
          />
        )}
      </PageHead>
      <ViewTabs
        label="Views"
        value={params.view}
        views={[
          { id: "agent", label: agentId ?? "No agent yet" },
          { id: "agents", label: "All agents", count: read.data ? items.length : undefined },
          { id: "evaluators", label: "Evaluators", count: evaluators.data?.items.length },
          { id: "checklists", label: "Release checklists", count: lists.data?.items.length },
        ]}
        onChange={(id) => void setParams({ view: EVALUATION_VIEWS.find((v) => v === id) ?? "agent" })}
      />
      {params.view === "checklists" ? (
        <Checklists />
      ) : params.view === "evaluators" ? (
        <Evaluators />
      ) : read.isError && !read.data ? (
        <Problem
          title="The evaluations could not be read"
          error={read.error}
          path="GET /api/v1/evaluations/agents"
          onRetry={() => void read.refetch()}
        />
      ) : !read.data ? (
        <Loading what="evaluations" shape="panel" rows={10} />
      ) : agentId === null || (params.view === "agents" && items.length === 0) ? (
        <Nothing />
      ) : params.view === "agents" ? (
        <Agents items={items} slug={slug} onOpen={open} />
      ) : (
        <>
          <Canary agentId={agentId} chosen={params.canary} onChoose={(canary) => void setParams({ canary })} />
          <NewestChecks agentId={agentId} />
          <Golden agentId={agentId} view={params.tasks} onView={(tasks) => void setParams({ tasks })} />
          <Scores agentId={agentId} days={params.days} onDays={(days) => void setParams({ days })} />
        </>
      )}
    </Page>
  );
}

function Nothing() {
  const { environment } = usePlace();
  const origin = useOrigin();
  return (
    <Empty
      icon={IconTestPipe}
      title={`No scores in ${environment.name} yet`}
      code={scoreCall(origin)}
      codeLabel="Send a score"
    >
      A score says how good one answer was: relevance, grounding, calibration. Scores catch the wrong answers that
      return HTTP 200. Send the first one, and its agent appears here, with its canaries, probes and golden tasks.
    </Empty>
  );
}
