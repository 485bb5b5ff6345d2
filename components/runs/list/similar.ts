import type { RunShape } from "@/lib/runs/schema";
import { query } from "../../api";

/** Runs of the same agent and task that ended the same way, or stand the same way. */
export const similarHref = (environment: string, run: RunShape): string =>
  `/${environment}/runs${query({
    agent_id: run.agent_id,
    task_type: run.task_type,
    stop_reason: run.stop_reason,
    status: run.stop_reason ? null : run.status,
  })}`;
