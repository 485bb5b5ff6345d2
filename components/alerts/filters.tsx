"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ALERT_SEVERITIES } from "@/lib/alerts/schema";
import { catalogueQuery } from "../failures/queries";
import { agentsQuery } from "../fleet/queries";
import { usePlace } from "../frame/place";
import { FilterBar } from "../kit/filter-bar";
import type { FilterField } from "../kit/filters";
import { rulesQuery } from "./queries";
import type { AlertFilters } from "./search-params";

const KEYS = ["severity", "category", "agent_id", "rule"] as const;

export function AlertFilterBar({ values, onChange }: { values: AlertFilters; onChange: (next: AlertFilters) => void }) {
  const { slug } = usePlace().environment;
  const catalogue = useQuery(catalogueQuery(slug)).data;
  const agents = useQuery(agentsQuery(slug)).data;
  const rules = useQuery(rulesQuery(slug)).data;
  const fields = useMemo((): FilterField[] => {
    const same = (value: string) => ({ value, label: value });
    return [
      { key: "severity", label: "severity", kind: "select", options: ALERT_SEVERITIES.map(same) },
      {
        key: "category",
        label: "category",
        kind: "select",
        options: (catalogue?.items ?? []).map((c) => ({ value: c.slug, label: c.name })),
      },
      {
        key: "agent_id",
        label: "agent",
        kind: "select",
        options: (agents?.items ?? []).map((a) => same(a.agent_id)),
      },
      {
        key: "rule",
        label: "rule",
        kind: "select",
        single: true,
        options: (rules?.items ?? []).map((r) => ({ value: r.slug, label: r.name })),
      },
    ];
  }, [catalogue, agents, rules]);
  return (
    <FilterBar
      filters={fields}
      values={values}
      onChange={(next) => onChange(Object.fromEntries(KEYS.map((key) => [key, next[key] || null])) as AlertFilters)}
    />
  );
}
