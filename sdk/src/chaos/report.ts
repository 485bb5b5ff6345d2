import { Api } from "../api.js";
import { InvalidRequest } from "../errors.js";
import { type ConnectOptions, settingsOf } from "../options.js";
import type { ChaosResult } from "./shapes.js";

/** Puts results on the agent's score card. @throws InvalidRequest where they are refused */
export async function report(
  to: ConnectOptions,
  about: { version: string; adapter?: string; suite?: string },
  results: readonly ChaosResult[],
): Promise<void> {
  const api = new Api(settingsOf(to));
  const answer = await api.call(
    "POST",
    "v1/chaos-results",
    {
      agent_id: api.settings.agentId,
      ...about,
      results: results.map((r) => ({
        task: r.task,
        broken: r.broken,
        // One word a cell: where several are right, the one it ended with.
        expected_stop_reason: r.actual !== null && r.expected.includes(r.actual) ? r.actual : r.expected[0],
        actual_stop_reason: r.actual,
        passed: r.passed,
        detail: r.detail?.slice(0, 2_000) ?? null,
        run_id: r.runId,
        duration_ms: r.durationMs,
      })),
    },
    { forMs: api.settings.patienceMs },
  );
  if (answer.status >= 300 || answer.status === 0)
    throw new InvalidRequest(
      `The score card was not taken: ${String(answer.body.detail ?? answer.status)}`,
      answer.status,
    );
}
