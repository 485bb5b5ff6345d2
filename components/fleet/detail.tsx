"use client";

import { Button } from "@mantine/core";
import { IconHandStop, IconShieldHalf } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ActivityShape } from "@/lib/runs/schema";
import { drillsQuery, LAST_PROVEN, stateQuery } from "../controls/queries";
import { Compound } from "../evaluations/compound";
import { usePlace } from "../frame/place";
import { Column, Page, Split } from "../kit/layout";
import { compact, duration, integer, money, percent } from "../kit/numbers";
import { type Figure, Figures, KeyValue, PageHead, Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { Gate, Tag } from "../kit/status";
import { TextLink } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";
import { activityQuery } from "../overview/queries";
import { LoadFailed } from "../runs/problem";
import { AgentChart } from "./chart";
import s from "./fleet.module.css";
import { InstancesPanel } from "./instances";
import { holding } from "./mode";
import { AgentState, Unreviewed } from "./parts";
import { type AgentDetail, agentQuery } from "./queries";
import { ReviewButton } from "./review";
import { RecentRuns } from "./runs";

export function Agent({ agentId }: { agentId: string }) {
  const { slug } = usePlace().environment;
  const agent = useQuery(agentQuery(slug, agentId));
  const activity = useQuery(activityQuery(slug, 24));
  const state = useQuery(stateQuery(slug));
  if (!agent.data) {
    return (
      <Page>
        <PageHead
          title={agentId}
          trail={
            <TextLink plain href={`/${slug}/agents`}>
              Agents
            </TextLink>
          }
        />
        {agent.error ? (
          <LoadFailed what={`Agent ${agentId}`} error={agent.error} onRetry={() => void agent.refetch()} />
        ) : (
          <Loading what={agentId} shape="panel" />
        )}
      </Page>
    );
  }
  const found = agent.data;
  const by = holding(state.data, agentId);
  return (
    <Page>
      <PageHead
        trail={
          <TextLink href={`/${slug}/agents`} plain>
            Agents
          </TextLink>
        }
        title={
          <>
            {agentId}
            <span className={s.marks}>
              <AgentState agent={found} state={state.data} />
              <Gate enforced={found.gate === "enforced"} />
              {found.reviewed ? (
                <Tag title={found.reviewed_by ? `by ${found.reviewed_by}` : undefined}>reviewed</Tag>
              ) : (
                <Unreviewed />
              )}
            </span>
          </>
        }
        meta={
          by && (
            <>
              “{by.reason}”, {by.set_by_name}, <RelativeTime at={by.set_at} />
            </>
          )
        }
      >
        <ReviewButton agent={found} />
        <Acts slug={slug} agentId={agentId} />
      </PageHead>
      {activity.data ? (
        <Figures label="Last 24 hours" items={figures(activity.data, found)} />
      ) : activity.error ? (
        <LoadFailed what="Its activity" error={activity.error} onRetry={() => void activity.refetch()} />
      ) : null}
      <Split side={340}>
        <Column>
          <Compound agentId={agentId} />
          {activity.data && <AgentChart environment={slug} agentId={agentId} activity={activity.data} />}
          <InstancesPanel instances={found.heard} state={state.data} />
          <RecentRuns slug={slug} agentId={agentId} />
        </Column>
        <Column>
          <AboutPanel agent={found} ttl={state.data?.settings.ttl_s} onStale={state.data?.settings.on_stale} />
        </Column>
      </Split>
    </Page>
  );
}

function Acts({ slug, agentId }: { slug: string; agentId: string }) {
  const { may } = usePlace();
  const allowed = may["control.set"] === true;
  const href = (mode: string) => `/${slug}/controls?mode=${mode}&scope=${encodeURIComponent(`agent:${agentId}`)}`;
  if (!allowed) {
    const why = "It needs the role operator or admin";
    return (
      <>
        <Button disabled title={why} leftSection={<IconShieldHalf size={15} aria-hidden />}>
          Safe mode…
        </Button>
        <Button disabled title={why} leftSection={<IconHandStop size={15} aria-hidden />}>
          Stop…
        </Button>
        <span className={s.why}>{why}.</span>
      </>
    );
  }
  return (
    <>
      <Button component={Link} href={href("safe_mode")} leftSection={<IconShieldHalf size={15} aria-hidden />}>
        Safe mode…
      </Button>
      <Button
        component={Link}
        href={href("stop")}
        className={s.stop}
        leftSection={<IconHandStop size={15} aria-hidden />}
      >
        Stop…
      </Button>
    </>
  );
}

function figures(activity: ActivityShape, agent: AgentDetail): Figure[] {
  const did = activity.agents.find((each) => each.agent_id === agent.agent_id);
  const ended = did?.per_bucket.reduce((a, b) => a + b, 0) ?? 0;
  const bad = did?.not_success ?? 0;
  const runs = did?.runs ?? 0;
  const cost = did?.cost_usd ?? 0;
  return [
    { label: "Runs, 24 h", value: integer(runs), note: `${did?.live ?? 0} in flight` },
    {
      label: "Not success",
      value: integer(bad),
      unit: ended > 0 ? percent(bad / ended) : undefined,
      note: `of ${integer(ended)} ended`,
      tone: ended > 1 && bad / ended >= 0.5 ? "bad" : undefined,
    },
    {
      label: "Cost, 24 h",
      value: money(cost),
      note: runs > 0 ? `${money(cost / runs)} a run` : "no run yet",
    },
    { label: "Tokens, 24 h", value: compact(did?.tokens ?? 0), note: "input and output" },
    {
      label: "Instances heard",
      value: integer(agent.instances),
      note: `${agent.lost_instances} lost in a day`,
      tone: agent.lost_instances > 0 ? "warn" : undefined,
    },
    {
      label: "Version",
      value: agent.version ?? "–",
      note: agent.version ? "the newest that it named" : "it named none",
    },
  ];
}

const STALE = { continue: "goes on as it last heard", safe_mode: "enters safe mode", stop: "stops" } as const;

/** When a drill last showed that it stops; else the way to one. */
function StopProven({ agentId }: { agentId: string }) {
  const { slug } = usePlace().environment;
  const drills = useQuery(drillsQuery(slug, { ...LAST_PROVEN, agent_id: agentId }));
  const last = drills.data?.items[0];
  if (drills.isError) return "not known: the drills could not be read";
  if (!drills.data) return "–";
  const run = <TextLink href={`/${slug}/controls?drill=${encodeURIComponent(agentId)}`}>Run a drill…</TextLink>;
  if (!last?.switch_id) return <>by no drill yet. {run}</>;
  return (
    <>
      <TextLink href={`/${slug}/controls/${last.switch_id}`}>by a drill</TextLink> <RelativeTime at={last.started_at} />
      {last.confirmed_ms !== null && `, within ${duration(last.confirmed_ms / 1_000)}`}
    </>
  );
}

function AboutPanel(props: { agent: AgentDetail; ttl: number | undefined; onStale: keyof typeof STALE | undefined }) {
  const { agent, ttl, onStale } = props;
  return (
    <Panel title="About it" padded>
      <KeyValue
        items={[
          {
            term: "Gate",
            value:
              agent.gate === "enforced"
                ? "It opens its runs here, so that a stop refuses them."
                : "It only sends what it did. A stop reaches it when it next asks, if it asks.",
          },
          { term: "First seen", value: <ExactTime at={agent.first_seen_at} /> },
          { term: "Last seen", value: <RelativeTime at={agent.last_seen_at} /> },
          { term: "Stop proven", value: <StopProven agentId={agent.agent_id} /> },
          { term: "Reviewed", value: agent.reviewed ? `by ${agent.reviewed_by ?? "a person"}` : "by nobody yet" },
          ...(ttl !== undefined && onStale
            ? [{ term: "Server gone", value: `After ${ttl} s it ${STALE[onStale]}.` }]
            : []),
        ]}
      />
    </Panel>
  );
}
