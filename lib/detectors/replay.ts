import { statusOf, toNormal } from "../runs";
import { jsonSpan } from "../runs/schema";
import { DEFAULT_RULES } from "./catalogue/rules";
import { type Hit, judge, measuring, type Rule } from "./rule";
import { traceOf } from "./trace/of-spans";

export { DEFAULT_RULES };

type Api = {
  run: { run_id: string; agent_id: string; task_type: string };
  spans: unknown[];
  stop_reason: "success" | "internal_error";
};

/** A run as its agent would send it, through the door it would come by, before every default rule. Nothing is stored. */
export function replay({ run, spans, stop_reason }: Api): { rule: Rule; hit: Hit }[] {
  const where = { runId: run.run_id, requestId: "", baseUs: 0, agentId: run.agent_id, taskType: run.task_type };
  const normal = spans.map((span, index) =>
    toNormal(jsonSpan.parse(span), { ...where, index, agentId: jsonSpan.parse(span).agent_id ?? run.agent_id }),
  );
  const trace = traceOf(
    {
      runId: run.run_id,
      agentId: run.agent_id,
      taskType: run.task_type,
      stopReason: stop_reason,
      status: statusOf(stop_reason),
    },
    normal,
  );
  trace.endedAt = trace.steps.at(-1)?.endAt ?? trace.startedAt;
  const measured = measuring(trace, trace.endedAt);
  return DEFAULT_RULES.flatMap((rule) => {
    const hit = judge(rule, trace, measured);
    return hit ? [{ rule, hit }] : [];
  });
}
