"use client";

import { useQueries } from "@tanstack/react-query";
import type { PolicyShape } from "@/lib/policies/schema";
import { previewQuery } from "../controls/queries";
import { usePlace } from "../frame/place";
import { counted } from "../kit/numbers";
import { Bindings } from "./parts";
import s from "./policies.module.css";
import { bindingWords } from "./words";

type Binding = PolicyShape["bindings"][number];

/** What a binding narrows most to, as the switches count it; patterns have no count. */
function scopeOf(binding: Binding) {
  if (binding.environment) return { kind: "environment" as const, key: null };
  if (binding.agent_id) return { kind: "agent" as const, key: binding.agent_id };
  if (binding.task_type) return { kind: "task_type" as const, key: binding.task_type };
  return { kind: "tenant" as const, key: binding.tenant_id ?? null };
}

/** Who is bound, with the runs that are under it now. */
export function Binds({ bindings }: { bindings: PolicyShape["bindings"] }) {
  const { slug } = usePlace().environment;
  const counts = useQueries({
    queries: bindings.map((binding) => {
      const scope = scopeOf(binding);
      return { ...previewQuery(slug, scope), enabled: !scope.key?.includes("*") };
    }),
  });
  if (bindings.length === 0) return <Bindings bindings={[]} />;
  return (
    <ul>
      {bindings.map((binding, n) => {
        const live = counts[n]?.data;
        const only = [binding.agent_id, binding.task_type, binding.tenant_id].filter(Boolean).length <= 1;
        return (
          <li key={bindingWords(binding)}>
            {bindingWords(binding)}
            {live && (
              <span className={s.note}>
                {" "}
                {only ? "" : "at most "}
                {counted(live.runs, "run")} now
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
