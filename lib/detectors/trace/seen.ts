import type { Needs } from "../metrics";
import type { Trace } from "./step";

/** Kinds of data that this run has brought. */
export function seenIn(t: Trace): Needs[] {
  const seen: Needs[] = ["runs"];
  const some = (needs: Needs, is: boolean) => is && seen.push(needs);
  const tools = t.steps.filter((s) => s.kind === "tool");
  const models = t.steps.filter((s) => s.kind === "model");
  some("spans", t.steps.length > 0);
  some("tools", tools.length > 0);
  some("models", models.length > 0);
  some("tokens", t.tokens > 0 || models.some((s) => (s.input ?? 0) > 0));
  some("cost", t.costUsd > 0 || t.steps.some((s) => (s.costUsd ?? 0) > 0));
  some(
    "messages",
    t.steps.some((s) => s.kind === "message" && s.to !== null),
  );
  some(
    "arguments",
    tools.some((s) => s.fingerprint !== null),
  );
  some(
    "results",
    tools.some((s) => s.resultHash !== null || s.result !== null),
  );
  some(
    "content",
    tools.some((s) => s.result !== null),
  );
  some("decisions", t.decisions.length > 0);
  some("effects", t.effects.length > 0);
  some("heartbeats", t.waiting !== null);
  some("checkpoints", t.checkpoints.length > 0);
  some("evaluations", t.scores.length > 0);
  some("locks", t.lockHeldSince !== null);
  some(
    "approvals",
    t.decisions.some((d) => d.outcome === "require_approval"),
  );
  return seen;
}
