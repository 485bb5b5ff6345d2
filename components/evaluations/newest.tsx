"use client";

import { useQuery } from "@tanstack/react-query";
import { agentsQuery } from "../fleet/queries";
import { usePlace } from "../frame/place";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Problem } from "../runs/problem";
import { MustPass } from "./probes";
import { canariesQuery, checklistOfQuery } from "./queries";

/** What the newest version has to show, where no canary of it stands above and says so. */
export function NewestChecks({ agentId }: { agentId: string }) {
  const { slug } = usePlace().environment;
  const agents = useQuery(agentsQuery(slug));
  const canaries = useQuery(canariesQuery(slug, agentId));
  const version = agents.data?.items.find((each) => each.agent_id === agentId)?.version ?? null;
  const under = canaries.data?.items.some((c) => c.running && c.canary_version === version) ?? true;
  const read = useQuery({
    ...checklistOfQuery(slug, agentId, version ?? ""),
    enabled: version !== null && !under,
  });
  if (read.isError && !read.data)
    return (
      <Problem
        title="The release checklist could not be read"
        error={read.error}
        path="GET /api/v1/probes/checklist"
        onRetry={() => void read.refetch()}
      />
    );
  if (under || !read.data || read.data.items.length === 0) return null;
  const { items, counts, ready } = read.data;
  return (
    <Panel
      title="Release checklist"
      sub={`${version}, the newest version that it named: ${ready ? "all pass" : `${counts.pass} of ${counted(items.length, "probe")} pass`}`}
    >
      <MustPass items={items} label={`Probes that ${version} must pass`} />
    </Panel>
  );
}
