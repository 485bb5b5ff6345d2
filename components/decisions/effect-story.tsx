"use client";

import { IconCheck, IconCircleX, IconClock, IconGavel, IconHourglass, IconRepeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { DecisionRow, EffectShape } from "@/lib/decisions/schema";
import { usePlace } from "../frame/place";
import { counted, duration } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { Timeline, type TimelineEvent } from "../kit/timeline";
import { EffectStatus } from "./effect-status";
import { OutcomeTag } from "./outcome";
import { effectDecisionsQuery } from "./run-queries";

const ICONS = {
  allow: IconClock,
  deny: IconCircleX,
  require_approval: IconHourglass,
  replay: IconRepeat,
  wait: IconHourglass,
};

/** What was asked and answered under one key, oldest first, and how it was settled. */
export function EffectStory({ effect }: { effect: EffectShape }) {
  const { slug } = usePlace().environment;
  const { data, isPending } = useQuery(effectDecisionsQuery(slug, effect.run_id, effect.tool));
  const mine = (data?.items ?? [])
    .filter((row) => row.args_hash === effect.args_hash && (row.effect_id ?? effect.effect_id) === effect.effect_id)
    .reverse();
  const events = [...mine.flatMap((row) => told(slug, row)), ...settled(effect)];
  return (
    <Panel
      title="What happened"
      sub={`${effect.tool}, one key, ${counted(effect.attempts, "attempt")}`}
      foot={
        effect.status === "unknown" ? (
          <span>No standing grant can answer this. The claim stays until it is settled.</span>
        ) : undefined
      }
    >
      {isPending ? (
        <Loading what="what happened" shape="rows" rows={3} />
      ) : (
        <Timeline events={events} label="What happened" />
      )}
    </Panel>
  );
}

function told(slug: string, row: DecisionRow): TimelineEvent[] {
  const { answer, result } = row;
  const asked: TimelineEvent = {
    id: row.decision_id,
    time: <ExactTime at={row.decided_at} />,
    icon: ICONS[answer.outcome],
    tone: answer.outcome === "deny" ? "bad" : answer.outcome === "require_approval" ? "warn" : undefined,
    what: (
      <>
        {answer.outcome === "allow" ? "Claimed, allowed by " : `${answer.message} `}
        <TextLink
          mono
          href={`/${slug}/runs/${encodeURIComponent(row.run_id)}?tab=decisions&decision=${row.decision_id}`}
        >
          {answer.outcome === "allow" ? (answer.policy.rule ?? answer.code) : answer.code}
        </TextLink>
      </>
    ),
    sub: answer.approval ? (
      <TextLink href={`/${slug}/approvals/${encodeURIComponent(answer.approval.id)}`}>Open the case</TextLink>
    ) : undefined,
    right: <OutcomeTag outcome={answer.outcome} />,
  };
  if (!result) return [asked];
  const ok = result.status === "ok";
  const facts = [
    result.status.replace("_", " "),
    result.http_status !== null && `HTTP ${result.http_status}`,
    result.latency_ms !== null && `after ${duration(result.latency_ms / 1000)}`,
  ].filter(Boolean);
  return [
    asked,
    {
      id: `${row.decision_id}-result`,
      time: <ExactTime at={result.received_at} />,
      icon: ok ? IconCheck : IconCircleX,
      tone: ok ? undefined : "bad",
      what: `It was told: ${facts.join(", ")}`,
      sub: result.error?.message ? <Mono>{result.error.message}</Mono> : undefined,
    },
  ];
}

function settled(effect: EffectShape): TimelineEvent[] {
  if (!effect.settled_by || !effect.settled_at) return [];
  return [
    {
      id: "settled",
      time: <ExactTime at={effect.settled_at} />,
      icon: IconGavel,
      tone: "accent",
      what: `Settled by ${effect.settled_by}`,
      sub: effect.settle_reason ? `“${effect.settle_reason}”` : undefined,
      right: <EffectStatus status={effect.status} />,
    },
  ];
}
