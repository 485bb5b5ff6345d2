"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { CategoryShape } from "@/lib/detectors/schema";
import { FAILURE_STATES, LACKS, REGIMES, TRIAGES } from "@/lib/failures/schema";
import { usePlace } from "../frame/place";
import { FilterBar } from "../kit/filter-bar";
import type { FilterField } from "../kit/filters";
import { peopleQuery } from "../tenancy/queries";
import type { FailureFilters } from "./search-params";
import { LACK_WORDS, REGIME_WORDS, TRIAGE_WORDS } from "./words";

export function Filters(props: {
  values: FailureFilters;
  catalogue: CategoryShape[];
  onChange: (values: FailureFilters) => void;
}) {
  const { values, catalogue, onChange } = props;
  const { slug } = usePlace().environment;
  const people = useQuery(peopleQuery(slug));
  const fields = useMemo((): FilterField[] => {
    const same = (value: string) => ({ value, label: value });
    return [
      {
        key: "category",
        label: "category",
        kind: "select",
        options: catalogue.map((c) => ({ value: c.slug, label: c.name })),
      },
      { key: "state", label: "state", kind: "select", options: FAILURE_STATES.map(same) },
      {
        key: "owner",
        label: "owner",
        kind: "select",
        single: true,
        options: [
          { value: "none", label: "nobody" },
          ...(people.data?.items ?? []).map((p) => ({ value: p.person_id, label: p.name })),
        ],
      },
      {
        key: "triage",
        label: "triage",
        kind: "select",
        single: true,
        options: TRIAGES.map((value) => ({ value, label: TRIAGE_WORDS[value] })),
      },
      {
        key: "regime",
        label: "regime",
        kind: "select",
        single: true,
        options: REGIMES.map((value) => ({ value, label: REGIME_WORDS[value] })),
      },
      {
        key: "missing",
        label: "lacks",
        kind: "select",
        options: LACKS.map((value) => ({ value, label: LACK_WORDS[value] })),
      },
    ];
  }, [catalogue, people.data]);
  const { q, ...chips } = values;
  return (
    <FilterBar
      filters={fields}
      values={chips}
      onChange={(next) => onChange(Object.fromEntries(fields.map(({ key }) => [key, next[key] || null])))}
      search={{ value: q ?? "", onChange: (text) => onChange({ q: text || null }), placeholder: "Search failures" }}
    />
  );
}
