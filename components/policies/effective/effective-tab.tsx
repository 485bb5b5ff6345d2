"use client";

import { useQueryStates } from "nuqs";
import type { PolicyShape } from "@/lib/policies/schema";
import { type Who, whoParams } from "../search-params";
import { EffectiveBody } from "./effective-body";

const exact = (name: string | undefined): string | null => (name && !name.includes("*") ? name : null);

/** Whom the policy binds first, where its binding names somebody. */
export function firstBound(policy: PolicyShape): Who {
  const [first] = policy.bindings;
  return { agent_id: exact(first?.agent_id), task_type: exact(first?.task_type), tenant_id: exact(first?.tenant_id) };
}

/** The effective policy of whoever this document binds, until somebody else is chosen. */
export function EffectiveTab({ policy }: { policy: PolicyShape }) {
  const [params, setParams] = useQueryStates(whoParams, { history: "push" });
  const chosen = Object.values(params).some((each) => each !== null);
  return <EffectiveBody who={chosen ? params : firstBound(policy)} rule={null} onWho={(who) => void setParams(who)} />;
}
