import { notify } from "../notifications";
import { assertBound } from "../platform/authz";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { record } from "../platform/verb";
import { judged } from "./judge";
import { type PostProbe, type Probe, type ProbeResult, postProbeInput } from "./schema";
import { canary, checklists } from "./store/canaries";
import * as store from "./store/probes";
import { runsOf } from "./store/scores";

const missing = (path: string, message: string) => new Failure("not_found", message, { errors: [{ path, message }] });

/** Writes a result, and tells people where a probe begins to fail and where it passes again. */
export async function enterProbe(
  tx: Sql,
  environmentId: string,
  given: PostProbe & { source: ProbeResult["source"] },
  asks: Probe | null,
): Promise<ProbeResult> {
  const before = await store.newestOf(tx, environmentId, given);
  const result = await store.insert(tx, environmentId, { ...given, probe_id: newId("prb") });
  const { state, why } = judged(asks, result);
  const failed = state !== "pass";
  const was = before !== null && judged(asks, before).state !== "pass";
  if (failed !== was)
    await notify(tx, {
      environmentId,
      topic: "readiness",
      severity: failed ? "warning" : "info",
      event: failed ? "opened" : "resolved",
      dedupeKey: `probe:${given.agent_id}:${given.version}:${given.name}`,
      title: `Probe ${given.name} of ${given.agent_id} ${given.version} ${failed ? (state === "fail" ? "fails" : "is too slow") : "passes again"}`,
      text: why ?? `Answered in ${Math.round(result.latency_ms)} ms.`,
      path: `/evaluations?agent=${encodeURIComponent(given.agent_id)}`,
      agentId: given.agent_id,
      facts: [
        { label: "Version", value: given.version },
        ...(given.canary ? [{ label: "Canary", value: given.canary }] : []),
        ...(given.runbook ? [{ label: "Runbook", value: given.runbook }] : []),
      ],
    });
  return result;
}

/** What a probe showed, from whoever ran it. @throws Failure `not_found` (canary, runbook, run) | `forbidden` (bound elsewhere) */
export const postProbe = record("probe.post", {
  needs: "evaluations.write",
  input: postProbeInput,
  atomic: true,
  run: async ({ tx, ctx, input }): Promise<ProbeResult> => {
    const runId = input.run_id ?? null;
    const run = runId === null ? null : (await runsOf(tx, ctx.environmentId, [runId])).get(runId);
    if (runId !== null && run?.agent_id !== input.agent_id)
      throw missing("run_id", "There is no such run of this agent here.");
    assertBound(ctx, input.agent_id, run?.tenant_id ?? null);
    const of = input.canary ? await canary(tx, ctx.environmentId, input.canary) : null;
    if (input.canary && of?.agent_id !== input.agent_id)
      throw missing("canary", "There is no such canary of this agent here.");
    const lists = await checklists(tx, ctx.environmentId);
    const list = lists.find((l) => l.runbook === input.runbook) ?? null;
    if (input.runbook && !list) throw missing("runbook", "There is no release checklist of this runbook here.");
    const asks = [...(of?.probes ?? []), ...(list?.probes ?? [])].find((p) => p.name === input.name) ?? null;
    return enterProbe(tx, ctx.environmentId, { ...input, source: "posted" }, asks);
  },
});
