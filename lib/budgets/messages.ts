import type { Message } from "../notifications";
import { say } from "./caps";
import type { LimitEvent } from "./store";

const THEN: Record<string, string> = {
  alert: "Nothing is refused yet.",
  downgrade: "From now on the cheaper model is used.",
  safe_mode: "The agent goes into safe mode; only a person takes it out again.",
  stop: "Calls that would go past it are refused.",
};

/** Who has used how much of what, and what happens now. `source` is `budget <slug>` or `policy <id>`. */
export function limitMessage(e: LimitEvent): Message {
  const [kind = "", name = ""] = e.source.split(/ (.*)/s);
  const hard = e.limit === "hard";
  const promise = e.metric === "error_rate" || e.metric === "latency_p95_ms";
  const used = say(e.metric, e.value);
  const cap = say(e.metric, e.amount);
  const share = e.amount > 0 ? ` (${Math.round((e.value / e.amount) * 100)} %)` : "";
  const of = e.scope.startsWith("environment") ? "the environment" : e.scope;
  const path =
    kind === "budget" ? `/budgets?budget=${encodeURIComponent(name)}` : `/runs/${encodeURIComponent(e.runId)}`;
  return {
    environmentId: e.environmentId,
    topic: "budgets",
    severity: hard ? "high" : "warning",
    event: "opened",
    dedupeKey: `budget:${e.source}:${e.scope}:${e.metric}:${e.windowStart.getTime()}:${e.limit}`,
    title: `${hard ? (promise ? "Promise not kept" : "Cap reached") : "Soft limit passed"}: ${e.source}, ${of}`,
    text: promise
      ? `${of} is at ${used}; ${cap} were promised. Nothing is refused: look at its latest runs.`
      : `${of} has used or holds ${used} of ${cap}${share}. ${THEN[e.then] ?? ""}`.trim(),
    path,
    ...(/^(agent|run) /.test(e.scope) ? { agentId: e.agentId } : {}),
    facts: [
      { label: "Used or held", value: used },
      { label: "Cap", value: cap },
      { label: "Whose", value: of },
      ...(e.agentId ? [{ label: "Agent", value: e.agentId }] : []),
      ...(e.runId ? [{ label: "Run", value: e.runId }] : []),
    ],
  };
}
