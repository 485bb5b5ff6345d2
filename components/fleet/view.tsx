"use client";

import { IconRobot } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useDeferredValue } from "react";
import type { AgentShape } from "@/lib/fleet/schema";
import { stateQuery } from "../controls/queries";
import { usePlace } from "../frame/place";
import { FilterBar } from "../kit/filter-bar";
import { Page, Row } from "../kit/layout";
import { counted } from "../kit/numbers";
import { PageHead, Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { TextLink } from "../kit/text";
import { ViewTabs } from "../kit/view-tabs";
import { placeName } from "../overview/place-name";
import { activityQuery } from "../overview/queries";
import { LoadFailed } from "../runs/problem";
import { AgentsTable } from "./agents-table";
import { silent } from "./parts";
import { agentsQuery } from "./queries";
import { AGENT_VIEWS, agentsParams } from "./search-params";

const KEEPS: Record<(typeof AGENT_VIEWS)[number], (agent: AgentShape) => boolean> = {
  all: () => true,
  unreviewed: (agent) => !agent.reviewed,
  silent,
};
const WORDS = { all: "All", unreviewed: "Unreviewed", silent: "Silent" } as const;

export function Agents() {
  const { environment } = usePlace();
  const { slug } = environment;
  const [{ q, view }, setParams] = useQueryStates(agentsParams);
  const wanted = useDeferredValue(q.trim().toLowerCase());
  const agents = useQuery(agentsQuery(slug));
  const activity = useQuery(activityQuery(slug, 24));
  const state = useQuery(stateQuery(slug));
  const all = agents.data?.items ?? [];
  const found = all.filter((agent) => KEEPS[view](agent) && agent.agent_id.toLowerCase().includes(wanted));
  const none = agents.data !== undefined && all.length === 0;
  return (
    <Page>
      <PageHead title="Agents" meta="Each registers itself when it first calls. Figures of the last 24 hours." />
      {agents.error && !agents.data ? (
        <LoadFailed what="The agents" error={agents.error} onRetry={() => void agents.refetch()} />
      ) : none ? (
        <Empty
          icon={IconRobot}
          title={`No agent has called ${placeName(environment)} yet`}
          actions={<TextLink href={`/${slug}/connect`}>Connect the first agent</TextLink>}
        >
          An agent stands here as soon as it opens a run, asks for the control state, or sends a span. Here you see who
          is heard, who is silent, and stop one of them.
        </Empty>
      ) : (
        <>
          <Row apart>
            <ViewTabs
              label="Views"
              value={view}
              views={AGENT_VIEWS.map((id) => ({
                id,
                label: WORDS[id],
                count: agents.data ? all.filter(KEEPS[id]).length : undefined,
              }))}
              onChange={(id) => void setParams({ view: AGENT_VIEWS.find((each) => each === id) ?? "all" })}
            />
            <FilterBar
              filters={[]}
              values={{}}
              onChange={() => undefined}
              search={{
                value: q,
                onChange: (text) => void setParams({ q: text || null }),
                placeholder: "Search agents",
              }}
            />
          </Row>
          <Panel label={counted(found.length, "agent")}>
            <AgentsTable
              full
              agents={found}
              activity={activity.data}
              state={state.data}
              loading={agents.isPending}
              bucket="per hour"
              empty={q ? `No agent is named like “${q}”.` : "No agent here."}
            />
          </Panel>
        </>
      )}
    </Page>
  );
}
