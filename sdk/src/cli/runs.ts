import { type Json, query } from "./client.js";
import { type Command, EXIT, text } from "./command.js";
import { ago, money, table } from "./print.js";

export type RunRow = {
  run_id: string;
  agent_id: string;
  task_type: string;
  status: string;
  stop_reason: string | null;
  steps: number;
  tool_calls: number;
  cost_usd: number;
  started_at: string;
};
const filters = {
  agent: { type: "string", about: "of one agent" },
  status: { type: "string", about: "running, waiting, completed, failed, stopped or lost" },
  "stop-reason": { type: "string", about: "such as tool_failed, or not_success" },
} as const;

/** Runs, newest first; with an id: that one. */
export const runs: Command = {
  usage: "runs [<run-id>]",
  about: "Runs, newest first; with an id: that run and its calls.",
  needs: "read",
  options: { ...filters, limit: { type: "string", about: "at most so many", default: "20" } },
  run: async (call) => {
    const [id] = call.positionals;
    if (id !== undefined) {
      const run = await call.client.get<RunRow & { tokens: Json }>(`/runs/${encodeURIComponent(id)}`);
      const { items } = await call.client.get<{
        items: {
          kind: string;
          name: string;
          status: string;
          duration_ms: number | null;
          error: { message: string | null } | null;
        }[];
      }>(`/runs/${encodeURIComponent(id)}/spans?limit=200`);
      call.give({ ...run, spans: items });
      call.say(
        `${run.run_id}  ${run.agent_id}  ${run.task_type}  ${run.status}${run.stop_reason ? `: ${run.stop_reason}` : ""}`,
      );
      call.say(
        `${run.steps} steps, ${run.tool_calls} calls of tools, ${money(run.cost_usd)}, began ${ago(run.started_at)}`,
      );
      if (items.length > 0)
        call.say(
          table(
            ["what", "name", "status", "ms", "error"],
            items.map((s) => [
              s.kind,
              s.name,
              s.status,
              s.duration_ms === null ? null : Math.round(s.duration_ms),
              s.error?.message?.slice(0, 80),
            ]),
          ),
        );
      return EXIT.done;
    }
    const { values } = call;
    const found = await call.client.get<{ items: RunRow[]; next_cursor: string | null }>(
      `/runs${query({ agent_id: text(values, "agent"), status: text(values, "status"), stop_reason: text(values, "stop-reason"), limit: text(values, "limit") ?? "20" })}`,
    );
    call.give(found);
    call.say(
      found.items.length === 0
        ? "No run."
        : table(
            ["run", "agent", "task", "status", "stop reason", "steps", "calls", "cost", "began"],
            found.items.map((r) => [
              r.run_id,
              r.agent_id,
              r.task_type,
              r.status,
              r.stop_reason,
              r.steps,
              r.tool_calls,
              money(r.cost_usd),
              ago(r.started_at),
            ]),
          ),
    );
    return EXIT.done;
  },
};
