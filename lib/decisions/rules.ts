import { LRUCache } from "lru-cache";
import { type CompiledGrant, grantsOf } from "../approvals";
import { type Budget, budgetsOf, type Cap, runCaps, type Who } from "../budgets";
import { reader } from "../platform/verb";
import { type Compiled, compile, type InForce, inForce, speaking } from "../policies";

/** What decides for one agent, task type and tenant. */
export type Speaking = { policy: Compiled; observing: boolean; shadow: Compiled | null };

/** Everything people configured that a decision may meet, as of one policy revision. */
export type Rules = {
  revision: number;
  inForce: InForce;
  budgets: Budget[];
  grants: CompiledGrant[];
  compiled: LRUCache<string, Speaking>;
};

const held = new Map<string, Rules>();

/** The rules as of this policy revision: read once each time it moves. */
export async function rulesOf(environmentId: string, revision: number): Promise<Rules> {
  const known = held.get(environmentId);
  if (known && known.revision >= revision) return known;
  const { sql } = reader();
  const [documents, budgets, grants] = await Promise.all([
    inForce(sql, environmentId),
    budgetsOf(sql, environmentId),
    grantsOf(sql, environmentId),
  ]);
  const rules = {
    revision,
    inForce: documents,
    budgets,
    grants,
    compiled: new LRUCache<string, Speaking>({ max: 10_000 }),
  };
  held.set(environmentId, rules);
  return rules;
}

type Caller = { agentId: string; taskType: string; tenantId: string | null };

/** The documents that speak for somebody, compiled once. */
export function speakingFor(rules: Rules, who: Caller): Speaking {
  const key = `${who.agentId}\n${who.taskType}\n${who.tenantId ?? ""}`;
  const known = rules.compiled.get(key);
  if (known) return known;
  const { enforcing, looking } = speaking(rules.inForce, who);
  const observing = enforcing.length === 0 && looking.length > 0;
  // In the shadow a version that is observed stands in the place of its own policy's version in force.
  const shadow =
    looking.length > 0 && !observing
      ? compile([...looking, ...enforcing.filter((l) => !looking.some((o) => o.policyId === l.policyId))])
      : null;
  const made = { policy: compile(observing ? looking : enforcing), observing, shadow };
  rules.compiled.set(key, made);
  return made;
}

/** What a run of this caller may spend: the caps of its policy and of the budgets that look at each run. */
export function capsOf(rules: Rules, policy: Compiled, who: Who): Cap[] {
  const source = `policy ${policy.ref?.id ?? "none"}`;
  const { budgets: b } = policy;
  const sums = [
    ["steps", b.steps],
    ["toolCalls", b.toolCalls],
    ["tokens", b.tokens],
    ["micros", b.micros],
  ] as const;
  const own = sums.flatMap(([sum, amount]) =>
    amount === null
      ? []
      : [{ source, sum, amount, hard: true, softAt: b.soft?.at ?? null, softThen: b.soft?.then ?? ("alert" as const) }],
  );
  return [...own, ...runCaps(rules.budgets, who)];
}
