import { Failure } from "../../platform/errors";
import { safeModeAllows } from "../../policies";
import type { Asked } from "../asked";
import type { Book, Run } from "../book";
import { deny, RETRY_MS, refused, type Verdict, wait } from "./verdict";

/** @throws Failure `not_found` | `run_finished` | `lease_lost` | `conflict`: no decision was made */
export function liveRun(book: Book, a: Asked): Run {
  const run = book.runs.get(a.question.run_id);
  if (!run) throw new Failure("not_found", "There is no such run here.");
  if (run.source !== "api")
    throw new Failure("conflict", "This run is known from its spans alone. Open it with POST /runs to ask for it.");
  return run;
}

export function assertLive(run: Run, a: Asked): void {
  if (run.status !== "running" && run.status !== "waiting" && run.status !== "lost")
    throw new Failure("run_finished", `The run has ended: ${run.stopReason}.`, {
      extra: { stop_reason: run.stopReason },
    });
  const token = a.question.lease_token ?? null;
  const held = run.attempt === 1 ? token === null || token === run.leaseToken : token === run.leaseToken;
  if (run.status === "lost" || (run.status === "running" && run.leaseOver) || !held)
    throw new Failure("lease_lost", "Another instance has this run now, or nobody has: its lease is over.");
}

export function switched(a: Asked): Verdict | null {
  const { control } = a;
  if (control.mode === "stop") return deny("stopped", `Stopped: ${control.reason}`, { rule: "switch" });
  if (control.mode === "pause") return wait("paused", `Paused: ${control.reason}`, RETRY_MS.paused, { rule: "switch" });
  if (control.blocked) return refused(control.blocked);
  if (control.mode === "safe_mode" && !safeModeAllows(a.policy, a.call, control.safeTools))
    return deny("safe_mode", `Safe mode leaves no ${a.call.tool ?? a.call.kind}: ${control.reason}`, {
      ref: a.policy.ref,
      rule: "safe_mode.allowed_tools",
    });
  return null;
}
