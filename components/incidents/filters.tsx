"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { INCIDENT_SEVERITIES } from "@/lib/incidents/schema";
import { catalogueQuery } from "../failures/queries";
import { agentsQuery } from "../fleet/queries";
import { usePlace } from "../frame/place";
import { FilterBar } from "../kit/filter-bar";
import type { FilterField } from "../kit/filters";
import { peopleQuery } from "../tenancy/queries";
import type { IncidentFilters } from "./search-params";

const KEYS = ["severity", "category", "agent_id", "commander"] as const;

export function IncidentFilterBar(props: {
  values: IncidentFilters;
  onChange: (next: Partial<IncidentFilters>) => void;
}) {
  const { values, onChange } = props;
  const { slug } = usePlace().environment;
  const catalogue = useQuery(catalogueQuery(slug)).data;
  const agents = useQuery(agentsQuery(slug)).data;
  const people = useQuery(peopleQuery(slug)).data;
  const fields = useMemo((): FilterField[] => {
    const same = (value: string) => ({ value, label: value });
    return [
      { key: "severity", label: "severity", kind: "select", options: INCIDENT_SEVERITIES.map(same) },
      {
        key: "category",
        label: "category",
        kind: "select",
        options: (catalogue?.items ?? []).map((c) => ({ value: c.slug, label: c.name })),
      },
      { key: "agent_id", label: "agent", kind: "select", options: (agents?.items ?? []).map((a) => same(a.agent_id)) },
      {
        key: "commander",
        label: "commander",
        kind: "select",
        single: true,
        options: (people?.items ?? []).map((p) => ({ value: p.person_id, label: p.name })),
      },
    ];
  }, [catalogue, agents, people]);
  const { q, ...chips } = values;
  return (
    <FilterBar
      filters={fields}
      values={chips}
      onChange={(next) => onChange(Object.fromEntries(KEYS.map((key) => [key, next[key] || null])))}
      search={{ value: q ?? "", onChange: (text) => onChange({ q: text || null }), placeholder: "Search incidents" }}
    />
  );
}
