import { assertBound } from "../platform/authz";
import { Failure } from "../platform/errors";
import { newId } from "../platform/ids";
import { read, record } from "../platform/verb";
import { nameOf } from "./canary";
import { postChaosInput, type ScoreCardShape, scoreCardInput } from "./schema";
import * as store from "./store/chaos";
import { runsOf } from "./store/scores";

const MISSING = "There is no such run of this agent here.";

/** What golden tasks, broken on purpose, ended with. All or nothing. @throws Failure `not_found` (run, with path) | `forbidden` */
export const postChaosResults = record("chaos.post", {
  needs: "evaluations.write",
  input: postChaosInput,
  atomic: true,
  run: async ({ tx, ctx, input }) => {
    assertBound(ctx, input.agent_id, null);
    const named = input.results.flatMap((r) => (r.run_id ? [r.run_id] : []));
    const runs = await runsOf(tx, ctx.environmentId, named);
    const errors = input.results.flatMap((r, n) =>
      r.run_id && runs.get(r.run_id)?.agent_id !== input.agent_id
        ? [{ path: `results[${n}].run_id`, message: MISSING }]
        : [],
    );
    if (errors.length > 0) throw new Failure("not_found", MISSING, { errors });
    const ids = input.results.map(() => newId("chs"));
    await store.insert(tx, ctx.environmentId, input, ids, nameOf(ctx));
    const passed = input.results.filter((r) => r.passed).length;
    return { accepted: input.results.length, passed, failed: input.results.length - passed };
  },
});

/** Golden tasks of an agent by its versions: the newest result of each. @throws Failure `forbidden` (bound to another agent) */
export const scoreCard = read("chaos.score_card", {
  needs: "evaluations.read",
  input: scoreCardInput,
  run: async ({ tx, ctx, input }): Promise<ScoreCardShape> => {
    assertBound(ctx, input.agent_id, null);
    const rows = await store.newest(tx.sql, ctx.environmentId, input.agent_id, input.version ?? null);
    const versions = [...new Set(rows.map((r) => r.version))]
      .map((version) => rows.filter((r) => r.version === version).sort((a, b) => b.at.getTime() - a.at.getTime()))
      .flatMap(([first, ...rest]) => (first ? [{ newest: first, all: [first, ...rest] }] : []))
      .sort((a, b) => a.newest.at.getTime() - b.newest.at.getTime())
      .slice(-3);
    const tasks = new Map(rows.map((r) => [`${r.suite} ${r.task}`, r]));
    const shown = [...tasks.values()].sort((a, b) => a.suite.localeCompare(b.suite) || a.task.localeCompare(b.task));
    return {
      agent_id: input.agent_id,
      versions: versions.map(({ newest, all }) => ({
        version: newest.version,
        at: newest.at.toISOString(),
        adapter: newest.adapter,
        passed: all.filter((r) => r.passed).length,
        failed: all.filter((r) => !r.passed).length,
        not_run: shown.length - all.length,
      })),
      tasks: shown.map(({ suite, task }) => {
        const of = rows.filter((r) => r.suite === suite && r.task === task);
        // What the newest report says of the task is what it is; older versions may have expected something else.
        const latest = of.reduce((a, b) => (b.at > a.at ? b : a));
        return {
          task,
          suite: suite === "" ? null : suite,
          broken: latest.broken,
          expected_stop_reason: latest.expected_stop_reason,
          cells: versions.map(({ newest }) => store.cellOf(of.find((r) => r.version === newest.version))),
        };
      }),
    };
  },
});
