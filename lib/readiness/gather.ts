import { budgetsOf } from "../budgets";
import { listRules } from "../detectors";
import { checklistOf, scoreCard } from "../evaluations";
import { listFailures } from "../failures";
import type { FailureShape } from "../failures/schema";
import { systemCtx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { compile, inForce, type Layer, speaking } from "../policies";
import type { Facts, Held } from "./judge";
import * as store from "./store";
import { targetsNow } from "./target-shape";

/** Whoever may read readiness sees what it is computed from, and no more of it. */
const asSystem = (environmentId: string) => systemCtx(environmentId, "readiness");

async function everyFailure(environmentId: string): Promise<FailureShape[]> {
  const all: FailureShape[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listFailures(asSystem(environmentId), { limit: 500, ...(cursor ? { cursor } : {}) });
    all.push(...page.items);
    if (page.next_cursor === null) return all;
    cursor = page.next_cursor;
  }
}

/** What holds for an agent in each task type it was seen in; the same documents are compiled once. */
function holding({ enforced, observed }: Awaited<ReturnType<typeof inForce>>) {
  const known = new Map<string, Held["lines"]>();
  const linesOf = (layers: Layer[]): Held["lines"] => {
    const key = layers.map((l) => `${l.policyId} ${l.version}`).join("\n");
    const found = known.get(key);
    if (found) return found;
    const lines = new Map(compile(layers).lines.map((l) => [l.key, { value: l.value, said: l.from.length > 0 }]));
    known.set(key, lines);
    return lines;
  };
  return (agentId: string, tasks: readonly string[]): Held[] =>
    (tasks.length > 0 ? tasks : [null]).map((taskType) => {
      const { enforcing, looking } = speaking({ enforced, observed }, { agentId, taskType, tenantId: null });
      const holds = enforcing.length > 0 ? enforcing : looking;
      return {
        taskType,
        mode: enforcing.length > 0 ? "enforce" : looking.length > 0 ? "observe" : "none",
        documents: holds.map((l) => `${l.policyId} v${l.version}`),
        lines: linesOf(holds),
      };
    });
}

async function tried(environmentId: string, { agentId, version }: store.Who) {
  if (version === null) return { card: null, checklist: null };
  const ctx = asSystem(environmentId);
  const [all, checklist] = await Promise.all([
    scoreCard(ctx, { agent_id: agentId }),
    checklistOf(ctx, { agent_id: agentId, version }),
  ]);
  // Beside its neighbours a version shows what was not run with it; an older one stands alone.
  const card = all.versions.some((v) => v.version === version)
    ? all
    : await scoreCard(ctx, { agent_id: agentId, version });
  return { card, checklist };
}

const AT_ONCE = 4;
/** A few at a time: a page of agents must not take every connection there is. */
async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let n = 0; n < all.length; n += AT_ONCE) done.push(...(await Promise.all(all.slice(n, n + AT_ONCE).map(work))));
  return done;
}

export type Asked = store.Who & { gated: boolean };
/** Everything that the gates of these agents are computed from: the environment's facts once, the rest for all of them together. */
export async function gather(tx: Sql, environmentId: string, asked: readonly Asked[]): Promise<Facts[]> {
  const ids = asked.map((a) => a.agentId);
  const [policies, { items: rules }, failures, budgets, targets, credentials] = await Promise.all([
    inForce(tx, environmentId),
    listRules(asSystem(environmentId), {}),
    everyFailure(environmentId),
    budgetsOf(tx, environmentId),
    targetsNow(tx, environmentId),
    store.credentials(tx, environmentId),
  ]);
  const [runs, scores, data, stops] = await Promise.all([
    store.runsOf(tx, environmentId, asked),
    store.scoresOf(tx, environmentId, asked),
    store.dataOf(tx, environmentId, ids),
    store.stopsOf(tx, environmentId, ids),
  ]);
  const heldOf = holding(policies);
  const proofs = await inTurns(asked, (a) => tried(environmentId, a));
  return asked.map(
    ({ agentId, version, gated }, n): Facts => ({
      agentId,
      version,
      gated,
      held: heldOf(agentId, runs.get(agentId)?.tasks ?? []),
      runs: runs.get(agentId) ?? null,
      scores: scores.get(agentId) ?? null,
      data: data.get(agentId) ?? new Set(),
      rules,
      failures,
      budgets,
      targets,
      credentials,
      stop: stops.get(agentId) ?? null,
      ...(proofs[n] ?? { card: null, checklist: null }),
    }),
  );
}
