import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, raise, resolveByItself, tellAgain } from "../alerts";
import { announce } from "../platform/announce";
import type { Sql } from "../platform/db/pool";
import { log } from "../platform/log";
import { alone, inTransaction, reader } from "../platform/verb";
import { detectOnce } from "./detect";
import { rulesInForce } from "./in-force";
import { METRICS } from "./metrics";
import type { Rule } from "./rule";
import { dataAt } from "./shape";
import { dataSeen } from "./store/rules";
import { dropOldMeasures, environments, openWindows } from "./store/windows";
import { windowsNow } from "./windows";

const IDLE_MS = 200;
const AFTER_ERROR_MS = 1_000;
/** Taken by the one process of the installation that looks at runs; it ends with its connection. */
const LEADER = 7_314_231;

/**
 * Looks at runs as they are written, in one process of the installation: another takes over when its connection ends.
 * @returns how to stop it
 */
export function watchRuns(): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await alone(LEADER, stopping.signal, async (stillLeads) => {
        while (!stopping.signal.aborted && stillLeads()) {
          const looked = await detectOnce().catch(async (err: Error) => {
            log.warn({ err: err.message }, "detection failed; it looks again");
            await sleep(AFTER_ERROR_MS);
            return 0;
          });
          if (looked === 0) await sleep(IDLE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      }).catch((err: Error) => log.warn({ err: err.message }, "detection waits for the database"));
      await sleep(AFTER_ERROR_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Once a minute: windows that end now, what has recovered, what is to be told again. */
export async function judgeWindowsNow(): Promise<void> {
  for (const environmentId of await environments(reader().sql)) {
    const rules = await rulesInForce(reader().sql, environmentId);
    const windowed = rules.filter((r) => r.per !== "run" || METRICS[r.metric].of === "window");
    const now = Date.now();
    const changed = await inTransaction(async (tx) => {
      const found: Finding[] = [];
      for (const rule of windowed) found.push(...(await windowsNow(tx, environmentId, rule, now)));
      found.push(...(await withoutData(tx, environmentId, rules, now)));
      await raise(tx, found);
      return found.length + (await recover(tx, environmentId, found));
    });
    if (changed > 0) announce(environmentId, "alerts", "failures");
    const again = Object.fromEntries(rules.flatMap((r) => (r.renotifyS === null ? [] : [[r.slug, r.renotifyS]])));
    await tellAgain(environmentId, again);
  }
  await dropOldMeasures(reader().sql, 32);
}

/** Rules whose data has been missing for longer than they allow, where it came before: blind, and worse than quiet. */
async function withoutData(tx: Sql, environmentId: string, rules: readonly Rule[], now: number): Promise<Finding[]> {
  const anxious = rules.filter((r) => r.noDataS !== null);
  if (anxious.length === 0) return [];
  const seen = await dataSeen(tx, environmentId);
  return anxious.flatMap((rule) => {
    const last = dataAt(rule, seen);
    const missingS = last === null ? 0 : (now - last.getTime()) / 1000;
    if (rule.noDataS === null || missingS <= rule.noDataS) return [];
    const note = `No ${METRICS[rule.metric].needs} for ${Math.round(missingS / 60)} minutes`;
    return [silent(environmentId, rule, missingS, now, note)];
  });
}
const silent = (environmentId: string, rule: Rule, value: number, at: number, note: string): Finding => ({
  environmentId,
  rule: {
    slug: rule.slug,
    name: `No data for: ${rule.name}`,
    sentence: `no data for ${rule.metric} for more than ${rule.noDataS} seconds`,
    category: "no_observability",
    failure: rule.failure,
    metric: rule.metric,
    mode: rule.mode === "act" ? "act" : "observe",
    // Nothing was seen that a run could be stopped for.
    actions: rule.actions.includes("notify") ? ["notify"] : [],
  },
  dedupeKey: `${rule.slug}|now|no-data`,
  severity: "warning",
  value,
  threshold: rule.noDataS ?? 0,
  at,
  historic: false,
  agentId: null,
  tenantId: null,
  taskType: null,
  runs: [],
  evidence: [{ span_id: null, note }],
});

/** What stood open by itself, and does not stand any more. */
async function recover(tx: Sql, environmentId: string, found: readonly Finding[]): Promise<number> {
  const stand = new Set(found.map((f) => f.dedupeKey));
  const over = (await openWindows(tx, environmentId)).filter((a) => !stand.has(a.dedupe_key));
  for (const a of over) await resolveByItself(tx, environmentId, a.alert_id, "Interlock", "The window has recovered.");
  return over.length;
}
