import { afterAll, describe, expect, test } from "vitest";
import { type ChaosOptions, type ChaosResult, report, runTask } from "./index.js";

const MARGIN_MS = 30_000;
const LEASE_MS = 120_000;

/** One test for each golden task; afterwards the results are put on the agent's score card, if a version is given. */
export function chaosTests(
  name: string,
  options: ChaosOptions & { version?: string; adapter?: string; suite?: string },
): void {
  const results: ChaosResult[] = [];
  describe(name, () => {
    afterAll(async () => {
      const { version, adapter, suite } = options;
      if (version !== undefined && results.length > 0)
        await report(
          options.connect,
          { version, ...(adapter ? { adapter } : {}), ...(suite ? { suite } : {}) },
          results,
        );
    });
    for (const task of options.tasks) {
      const forMs =
        (task.timeoutMs ?? 60_000) +
        MARGIN_MS +
        (task.inject.some((i) => i.fault === "kill_and_resume") ? LEASE_MS : 0);
      test(
        task.task,
        async () => {
          const result = await runTask(options, task);
          results.push(result);
          expect(result, result.detail ?? undefined).toMatchObject({ passed: true });
        },
        forMs,
      );
    }
  });
}
