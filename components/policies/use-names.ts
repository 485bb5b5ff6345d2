"use client";

import { useQuery } from "@tanstack/react-query";
import { agentNamesQuery, namesQuery } from "../runs/queries";

/** What has appeared in the environment, to choose from. */
export function useNames(slug: string) {
  const agents = useQuery(agentNamesQuery(slug));
  const tasks = useQuery(namesQuery(slug, "task_type"));
  const tenants = useQuery(namesQuery(slug, "tenant"));
  const names = (data: { items: { name: string }[] } | undefined) => data?.items.map((each) => each.name) ?? [];
  return {
    agent_id: agents.data?.items.map((each) => each.agent_id) ?? [],
    task_type: names(tasks.data),
    tenant_id: names(tenants.data),
  };
}
