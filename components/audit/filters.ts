import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { FilterField } from "../kit/filter-bar";
import { peopleQuery } from "../tenancy/queries";

const ACTIONS = [
  "switch.",
  "switch.set",
  "switch.release",
  "control.configure",
  "agent.review",
  "person.",
  "person.invite",
  "person.set_roles",
  "person.disable",
  "person.change_password",
  "key.",
  "key.create",
  "key.revoke",
  "environment.create",
  "price.set",
  "session.start",
  "installation.",
];
const TARGETS = ["switch", "agent", "person", "key", "environment", "price", "installation"];
const same = (value: string) => ({ value, label: value });

/** What the audit can be narrowed by; people by name, though the URL carries their ids. */
export function useAuditFilters(environment: string, mayRead: boolean): FilterField[] {
  const people = useQuery({ ...peopleQuery(environment), enabled: mayRead });
  return useMemo(
    () => [
      { key: "when", label: "when", kind: "time" },
      {
        key: "action",
        label: "action",
        kind: "select",
        single: true,
        options: ACTIONS.map((value) => ({ value, label: value.endsWith(".") ? `${value}*` : value })),
      },
      {
        key: "actor",
        label: "who",
        kind: "select",
        single: true,
        options: people.data?.items.map((each) => ({ value: each.person_id, label: each.name })) ?? [],
      },
      { key: "target_type", label: "of what", kind: "select", single: true, options: TARGETS.map(same) },
      { key: "target", label: "id", kind: "text" },
    ],
    [people.data],
  );
}
