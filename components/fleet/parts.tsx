"use client";

import { IconUserQuestion, IconVolumeOff } from "@tabler/icons-react";
import Link from "next/link";
import type { StateShape } from "@/lib/controls/schema";
import type { AgentShape } from "@/lib/fleet/schema";
import { usePlace } from "../frame/place";
import { ModePill } from "../kit/mode-pill";
import { duration } from "../kit/numbers";
import { St, Tag } from "../kit/status";
import { useClock } from "../kit/time";
import s from "./fleet.module.css";
import { holding, spreading } from "./mode";

/** It had instances within a day, and none of them is heard now. */
export const silent = (agent: AgentShape): boolean => agent.instances === 0 && agent.lost_instances > 0;

export const agentHref = (slug: string, agentId: string): string => `/${slug}/agents/${encodeURIComponent(agentId)}`;

export function AgentName({ agent }: { agent: AgentShape }) {
  const { slug } = usePlace().environment;
  return (
    <span className={s.name}>
      <Link href={agentHref(slug, agent.agent_id)} title={agent.agent_id}>
        {agent.agent_id}
      </Link>
      {agent.version && <small>{agent.version}</small>}
      {!agent.reviewed && <Unreviewed />}
    </span>
  );
}

export function Unreviewed() {
  return (
    <Tag
      tone="warn"
      icon={<IconUserQuestion size={12} aria-hidden />}
      title="It called for the first time and no person has looked at it"
    >
      unreviewed
    </Tag>
  );
}

/** Its mode by the switches that hold it; where nobody is heard, that stands first. */
export function AgentState({ agent, state }: { agent: AgentShape; state: StateShape | undefined }) {
  const by = holding(state, agent.agent_id);
  if (silent(agent) && !by) return <Silent since={agent.last_seen_at} />;
  return <ModePill size="sm" mode={by?.mode ?? "run"} stopping={by !== null && spreading(by)} />;
}

export function Silent({ since }: { since: string }) {
  const read = (now: number) => {
    const passed = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
    return passed < 3600 ? `${Math.floor(passed / 60)} min` : duration(passed, "prose");
  };
  const text = useClock(read, "");
  return (
    <St tone="warn" icon={<IconVolumeOff size={14} aria-hidden />} title="None of its instances is heard any more">
      Silent {text}
    </St>
  );
}

/** "6", "4 of 6" where some are lost, "–" where it never polled. */
export function Instances({ agent }: { agent: AgentShape }) {
  const known = agent.instances + agent.lost_instances;
  if (known === 0) return <span title="It has never asked for the control state">–</span>;
  return <>{agent.lost_instances > 0 ? `${agent.instances} of ${known}` : agent.instances}</>;
}
