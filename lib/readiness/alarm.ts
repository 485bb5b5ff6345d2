import { type Finding, raise, resolveByItself } from "../alerts";
import { failuresOf } from "../failures";
import { notify } from "../notifications";
import type { Sql } from "../platform/db/pool";
import * as store from "./store";
import { expectedEnvs, likeOf } from "./target-shape";
import { wrongOf } from "./target-state";

const CATEGORY = "watching_wrong_production";
const RULE = "watched-target";

function findingOf(environmentId: string, t: store.TargetRow, why: string, failure: string | null): Finding {
  return {
    environmentId,
    rule: {
      slug: RULE,
      name: `${t.name} is not the production that is watched`,
      sentence: `expected_marker of ${t.name} found below 1: ${why.replace(/\.$/, "")}`.slice(0, 500),
      category: CATEGORY,
      failure,
      metric: "expected_marker",
      mode: "act",
      actions: ["notify"],
    },
    dedupeKey: `${RULE}|${t.slug}`,
    severity: "critical",
    value: 0,
    threshold: 1,
    at: Date.now(),
    historic: false,
    agentId: null,
    tenantId: null,
    taskType: null,
    runs: [],
    evidence: [{ span_id: null, note: `${t.url}: ${why}`.slice(0, 1_000) }],
  };
}

async function clear(tx: Sql, environmentId: string, t: store.TargetRow): Promise<void> {
  if (t.alertId === null) return;
  const why = "The marker is the expected one again.";
  await store.setAlert(tx, environmentId, t.slug, null);
  if (!(await resolveByItself(tx, environmentId, t.alertId, "Interlock", why))) return;
  await notify(tx, {
    environmentId,
    topic: "alerts",
    severity: "info",
    event: "resolved",
    dedupeKey: `alert:${t.alertId}`,
    title: `${t.name} is the expected production again`,
    text: why,
    path: "/readiness?tab=targets",
    facts: [{ label: "Address", value: t.url }],
  });
}

/** Raises the alarm of a target that is another production, or takes it back. A target that cannot be reached proves neither. */
export async function tendAlarm(tx: Sql, environmentId: string, slug: string): Promise<void> {
  const all = await store.targets(tx, environmentId);
  const t = all.find((x) => x.slug === slug);
  if (!t) return;
  const signs = await store.signsOf(tx, environmentId, likeOf(t.agentIds), t.deploymentEnv, expectedEnvs(all));
  const why = wrongOf(t, signs);
  if (!why) {
    if (t.last?.matched) await clear(tx, environmentId, t);
    return;
  }
  const entry = (await failuresOf(tx, environmentId)).find((f) => f.category === CATEGORY);
  const [raised] = await raise(tx, [findingOf(environmentId, t, why, entry?.slug ?? null)]);
  if (raised) await store.setAlert(tx, environmentId, slug, raised.alertId);
}
