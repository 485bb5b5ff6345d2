"use client";

import { SegmentedControl } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import type { AlertCounts } from "@/lib/alerts/schema";
import type { CountsShape } from "@/lib/approvals/schema";
import type { AgentShape } from "@/lib/fleet/schema";
import type { ActivityShape } from "@/lib/runs/schema";
import { alertsFigure } from "../alerts/figure";
import { alertCountsQuery } from "../alerts/queries";
import { approvalsFigure } from "../approvals/figure";
import { countsQuery } from "../approvals/queries";
import { costFigure } from "../budgets/figure";
import { type Budgets, budgetsQuery } from "../budgets/queries";
import { stateQuery } from "../controls/queries";
import { AgentsTable, silent } from "../fleet/agents-table";
import { agentsQuery } from "../fleet/queries";
import { usePlace } from "../frame/place";
import { StopReasonChart } from "../kit/chart";
import { Page } from "../kit/layout";
import { compact, counted, integer, money, percent, shortUtc } from "../kit/numbers";
import { type Figure, Figures, PageHead, Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { TextLink } from "../kit/text";
import { useClock } from "../kit/time";
import { LoadFailed } from "../runs/problem";
import { ControlBanner } from "./banner";
import { FailedRuns } from "./failed";
import s from "./overview.module.css";
import { placeName } from "./place-name";
import { chartPoints, endedOf } from "./points";
import { activityQuery } from "./queries";
import { overviewParams, RANGE_IDS, RANGES, type RangeId } from "./ranges";

const TOP = 12;

export function Overview() {
  const { slug } = usePlace().environment;
  const [{ range }, setParams] = useQueryStates(overviewParams);
  const { hours } = RANGES[range];
  const activity = useQuery({ ...activityQuery(slug, hours), placeholderData: keepPreviousData });
  const agents = useQuery(agentsQuery(slug));
  const state = useQuery(stateQuery(slug));
  const approvals = useQuery(countsQuery(slug));
  const alerts = useQuery(alertCountsQuery(slug));
  const budgets = useQuery(budgetsQuery(slug));
  const list = agents.data?.items;
  const isNew = activity.data?.runs === 0 && list?.length === 0;
  return (
    <Page>
      <PageHead title="Overview" meta={<Today />}>
        {!isNew && (
          <SegmentedControl
            aria-label="Range"
            value={range}
            onChange={(value) => void setParams({ range: value as RangeId })}
            data={RANGE_IDS.map((id) => ({ value: id, label: RANGES[id].label }))}
          />
        )}
      </PageHead>
      {state.data && <ControlBanner state={state.data} />}
      {isNew ? (
        <NewEnvironment />
      ) : (
        <>
          {activity.error && !activity.data ? (
            <LoadFailed what="The activity" error={activity.error} onRetry={() => void activity.refetch()} />
          ) : activity.data ? (
            <Live
              activity={activity.data}
              agents={list ?? []}
              approvals={approvals.data}
              alerts={alerts.data}
              budgets={budgets.data}
              range={range}
            />
          ) : (
            <Loading what="the activity" shape="panel" rows={6} />
          )}
          <Panel
            title="Agents"
            sub={
              list && list.length > TOP
                ? `${TOP} of ${list.length}, last ${RANGES[range].words}`
                : `last ${RANGES[range].words}`
            }
            right={<TextLink href={`/${slug}/agents`}>All agents</TextLink>}
          >
            {agents.error && !list ? (
              <LoadFailed what="The agents" error={agents.error} onRetry={() => void agents.refetch()} />
            ) : (
              <AgentsTable
                agents={list ?? []}
                activity={activity.data}
                state={state.data}
                loading={agents.isPending}
                bucket={RANGES[range].bucket}
                top={TOP}
              />
            )}
          </Panel>
        </>
      )}
    </Page>
  );
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
/** "Fri 20 Nov 2026, 09:14 UTC". */
function Today() {
  const read = (now: number) => {
    const at = new Date(now);
    const day = shortUtc(at, new Date(0));
    return `${DAYS[at.getUTCDay()] ?? ""} ${day}, ${at.toISOString().slice(11, 16)} UTC`;
  };
  return <span>{useClock(read, "")}</span>;
}

function Live(props: {
  activity: ActivityShape;
  agents: AgentShape[];
  approvals: CountsShape | undefined;
  alerts: AlertCounts | undefined;
  budgets: Budgets | undefined;
  range: RangeId;
}) {
  const { activity, agents, approvals, alerts, budgets, range } = props;
  const { slug } = usePlace().environment;
  const { words, bucket } = RANGES[range];
  return (
    <>
      <Figures
        large
        label="Figures"
        items={[
          approvalsFigure(slug, approvals),
          alertsFigure(slug, alerts),
          costFigure(slug, budgets, {
            words,
            cost: activity.cost_usd,
            tokens: compact(activity.agents.reduce((sum, each) => sum + each.tokens, 0)),
            each: activity.runs > 0 ? `${money(activity.cost_usd / activity.runs)} a run` : "no run yet",
          }),
          ...figures(activity, agents, words),
        ]}
      />
      <div className={s.row}>
        <StopReasonChart sub={bucket} points={chartPoints(activity)} />
        <FailedRuns />
      </div>
    </>
  );
}

function figures(activity: ActivityShape, agents: AgentShape[], words: string): Figure[] {
  const { ended, notSuccess } = endedOf(activity);
  const quiet = agents.filter(silent);
  const since = Date.parse(activity.from);
  const heard = agents.filter(
    (each) => !silent(each) && (each.instances > 0 || Date.parse(each.last_seen_at) >= since),
  );
  return [
    {
      label: "Runs in flight",
      value: integer(activity.live),
      unit: `of ${integer(activity.runs)} in ${words}`,
      note: `${activity.waiting} waiting, ${activity.lost} lost`,
    },
    {
      label: "Not success",
      value: integer(notSuccess),
      unit: `of ${integer(ended)} ended`,
      note: ended > 0 ? percent(notSuccess / ended) : "nothing has ended",
    },
    {
      label: "Agents heard",
      value: integer(heard.length),
      unit: `of ${integer(agents.length)} known`,
      note:
        quiet.length === 0
          ? "none is silent"
          : `${counted(quiet.length, "silent", "silent")}: ${quiet
              .slice(0, 2)
              .map((each) => each.agent_id)
              .join(", ")}${quiet.length > 2 ? ` and ${quiet.length - 2} more` : ""}`,
      tone: quiet.length > 0 ? "warn" : undefined,
    },
  ];
}

function NewEnvironment() {
  const { environment } = usePlace();
  return (
    <Empty
      icon={IconPlugConnected}
      title={`No agent has called ${placeName(environment)} yet`}
      actions={<TextLink href={`/${environment.slug}/connect`}>Connect the first agent</TextLink>}
      code={`# open a run; the answer says whether it may go on\ncurl -X POST $INTERLOCK/api/v1/runs \\\n  -H "Authorization: Bearer $INTERLOCK_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"request_id":"first","agent_id":"my-agent",\n       "task_type":"try-it"}'`}
    >
      Here you see what your agents do: how many runs are in flight, why the others ended, what they cost, and who obeys
      when you stop them. One call fills it, or three variables if your agents send OpenTelemetry.
    </Empty>
  );
}
