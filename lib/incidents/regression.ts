import { Document } from "yaml";
import { Failure } from "../platform/errors";
import { read } from "../platform/verb";
import { loaded } from "./reads";
import { regressionInput } from "./schema";
import * as store from "./store";

const MADE_FROM = 5;

/** Its case as a golden task of the chaos harness: a file in YAML, or the same as JSON for `interlock chaos --incident`. @throws Failure `not_found` | `conflict` (there is none, with the reason) */
export const regressionOf = read("incident.regression", {
  needs: "incidents.read",
  input: regressionInput,
  run: async ({ tx, ctx, input }): Promise<{ text: string }> => {
    const row = await loaded(tx, ctx, input.incident_id);
    const { regression_case: made } = row;
    if (!made?.name || !made.inject || !made.expect_stop_reason)
      throw new Failure(
        "conflict",
        made?.none
          ? `${row.incident_id} has no case: ${made.none}`
          : `Nobody has written the case of ${row.incident_id} yet.`,
      );
    const { run_ids, agents, tasks } = await store.evidence(tx.sql, ctx.environmentId, row.incident_id);
    const task = {
      task: made.name,
      incident: row.incident_id,
      ...(row.category ? { category: row.category } : {}),
      ...(agents.length === 1 ? { agent_id: agents[0] } : {}),
      ...(tasks.length === 1 ? { task_type: tasks[0] } : {}),
      inject: [{ fault: made.inject, ...(made.tool ? { tool: made.tool } : {}) }],
      expect: { stop_reason: made.expect_stop_reason },
      ...(made.notes?.trim() ? { notes: made.notes.trim() } : {}),
      ...(run_ids.length > 0 ? { made_from: run_ids.slice(0, MADE_FROM) } : {}),
    };
    const suite = { suite: "incidents", tasks: [task] };
    if (input.format === "json") return { text: JSON.stringify(suite) };
    const file = new Document(suite);
    file.commentBefore = ` ${row.incident_id}: ${row.title}`;
    return { text: file.toString({ lineWidth: 120 }) };
  },
});
