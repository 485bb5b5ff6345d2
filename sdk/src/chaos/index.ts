import { report } from "./report.js";
import { runTask } from "./run.js";
import type { ChaosOptions, ChaosResult } from "./shapes.js";

export { FAULTS, type Fault, HttpError, type Inject, injecting } from "./faults.js";
export { expectedOf, type GoldenTask, goldenTasks } from "./golden.js";
export { report } from "./report.js";
export { runTask } from "./run.js";
export type { ChaosAgent, ChaosOptions, ChaosResult } from "./shapes.js";

export type ChaosReport = { passed: number; failed: number; results: ChaosResult[] };

/**
 * Runs golden tasks one after the other, and puts what they ended with on the agent's score card.
 * @param options.version of the agent; without it nothing is put on the card
 * @throws InvalidRequest where the card is refused; a task that fails does not throw
 */
export async function chaos(
  options: ChaosOptions & {
    version?: string;
    adapter?: string;
    suite?: string;
    onResult?: (result: ChaosResult) => void;
  },
): Promise<ChaosReport> {
  const results: ChaosResult[] = [];
  for (const task of options.tasks) {
    const result = await runTask(options, task);
    results.push(result);
    options.onResult?.(result);
  }
  const { version, adapter, suite } = options;
  if (version !== undefined && results.length > 0)
    await report(options.connect, { version, ...(adapter ? { adapter } : {}), ...(suite ? { suite } : {}) }, results);
  return { passed: results.filter((r) => r.passed).length, failed: results.filter((r) => !r.passed).length, results };
}
