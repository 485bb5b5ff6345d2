"use client";

import { useQuery } from "@tanstack/react-query";
import { usePlace } from "../frame/place";
import { peopleQuery } from "../tenancy/queries";

/** Who can own something: people with a role here who can sign in. */
export function usePeople(): { value: string; label: string }[] {
  const { slug } = usePlace().environment;
  const people = useQuery(peopleQuery(slug));
  return (people.data?.items ?? [])
    .filter((p) => !p.disabled)
    .map((p) => ({ value: p.person_id, label: `${p.name}, ${p.email}` }));
}
