"use client";

import { useQuery } from "@tanstack/react-query";
import type { AgentShape } from "@/lib/fleet/schema";
import type { RunShape } from "@/lib/runs/schema";
import type { KeyShape } from "@/lib/tenancy/schema";
import { agentsQuery } from "../fleet/queries";
import { usePlace } from "../frame/place";
import { recentRunsQuery } from "../overview/queries";
import { keysQuery } from "../tenancy/queries";
import { ARRIVED, type Ready, readyQuery, TEST_AGENT } from "./queries";

export type Connection = {
  ready: Ready | null | undefined;
  /** The key that was used last, if any was. */
  keyUsed: KeyShape | null;
  keys: number;
  runs: RunShape[];
  /** The very first run, while it is still among the newest. */
  first: RunShape | null;
  newest: RunShape | null;
  /** Nothing but the test span of this page has arrived. */
  onlyTest: boolean;
  /** Agents that ask for the control state. */
  asking: AgentShape[];
};

const latest = (keys: KeyShape[]): KeyShape | null =>
  keys.reduce<KeyShape | null>(
    (best, key) => (key.last_used_at && key.last_used_at > (best?.last_used_at ?? "") ? key : best),
    null,
  );

/** What has been heard of the first agent so far; runs come by the page's event stream, the rest within 15 s. */
export function useConnection(): Connection {
  const { slug } = usePlace().environment;
  const ready = useQuery(readyQuery);
  const keys = useQuery({ ...keysQuery(slug), refetchInterval: 15_000 });
  const runs = useQuery({ ...recentRunsQuery(slug, ARRIVED), refetchInterval: 15_000 });
  const agents = useQuery(agentsQuery(slug));
  const items = runs.data?.items ?? [];
  const real = items.filter((run) => run.agent_id !== TEST_AGENT);
  const told = real.length > 0 ? real : items;
  return {
    ready: ready.error ? null : ready.data,
    keyUsed: latest(keys.data?.items ?? []),
    keys: keys.data?.items.filter((key) => key.state === "active").length ?? 0,
    runs: items,
    first: runs.data && runs.data.next_cursor === null ? (told.at(-1) ?? null) : null,
    newest: told[0] ?? null,
    onlyTest: items.length > 0 && real.length === 0,
    asking: agents.data?.items.filter((agent) => agent.instances > 0) ?? [],
  };
}
