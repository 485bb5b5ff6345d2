import type { PreviewShape, PropagationShape, ScopeKind, SwitchShape } from "@/lib/controls/schema";
import { counted } from "../kit/numbers";
import type { Scope, SetMode } from "./search-params";

export const KIND_WORDS: Record<ScopeKind, { label: string; plain: string; what: string }> = {
  environment: { label: "Environment", plain: "environment", what: "Everything in it" },
  tenant: { label: "Tenant", plain: "tenant", what: "All agents, for one customer" },
  agent: { label: "Agent", plain: "agent", what: "One agent, all its instances and runs" },
  task_type: { label: "Task type", plain: "task type", what: "One kind of work, whichever agent does it" },
  tool: { label: "Tool", plain: "tool", what: "Blocks the calls it names, runs go on" },
  connector: { label: "Connector", plain: "connector", what: "Blocks a system, runs go on" },
  run: { label: "Run", plain: "run", what: "One run and its children" },
};

/** Tools and connectors are blocked; the rest is stopped. */
export const blocks = (kind: ScopeKind): boolean => kind === "tool" || kind === "connector";

/** "production", or "agent triage-bot". */
export const nameOf = (scope: Scope, environment: string): string =>
  scope.kind === "environment" ? environment : `${KIND_WORDS[scope.kind].plain} ${scope.key ?? "…"}`;

/** The act as a sentence's begin: "Stop agent triage-bot". */
export function actWords(mode: SetMode, scope: Scope, environment: string): string {
  const name = nameOf(scope, environment);
  if (blocks(scope.kind)) return `Block ${name}`;
  switch (mode) {
    case "stop":
      return `Stop ${name}`;
    case "pause":
      return `Pause ${name}`;
    case "safe_mode":
      return `Put ${name} in safe mode`;
  }
}

export function titleWords(mode: SetMode, scope: Scope, environment: string): string {
  if (scope.kind !== "environment") return actWords(mode, scope, environment);
  switch (mode) {
    case "stop":
      return `Stop everything in ${environment}`;
    case "pause":
      return `Pause everything in ${environment}`;
    case "safe_mode":
      return `Put all of ${environment} in safe mode`;
  }
}

/** The last button repeats the number. */
export function confirmWords(mode: SetMode, scope: Scope, preview: PreviewShape | undefined): string {
  if (blocks(scope.kind)) return `Block ${KIND_WORDS[scope.kind].plain} now`;
  const runs = counted(preview?.runs ?? 0, "run");
  switch (mode) {
    case "stop":
      return `Stop ${runs} now`;
    case "pause":
      return `Pause ${runs} now`;
    case "safe_mode":
      return `Narrow ${runs} now`;
  }
}

/** What happens to that many runs; the number stands before it. */
export function effectWords(mode: SetMode, scope: Scope, runs: number): string {
  const one = runs === 1;
  if (blocks(scope.kind)) return `${one ? "run goes" : "runs go"} on; calls of it are refused`;
  switch (mode) {
    case "stop":
      return `${one ? "run ends" : "runs end"} with kill_switch, none can start`;
    case "pause":
      return `${one ? "run holds where it is" : "runs hold where they are"}, none starts`;
    case "safe_mode":
      return `${one ? "run goes" : "runs go"} on with safe tools only, one attempt each`;
  }
}

const LIVE = new Set(["running", "waiting"]);
/** Runs without the gate that have not ended: nobody can say that they obey. */
export const unproven = (p: PropagationShape): number =>
  p.runs.unconfirmable.filter((each) => LIVE.has(each.status)).length;

/** Not everything that was asked has happened, and it still may. A single run that nobody can vouch for has not stopped. */
export const isSpreading = (p: PropagationShape): boolean =>
  p.switch.released_at === null &&
  (p.runs.confirmed < p.runs.requested ||
    p.instances.some((each) => each.state === "requested") ||
    (p.switch.scope.kind === "run" && unproven(p) > 0));

/** The same from the counts of a list: a run that was not counted came without the gate. */
export const isStopping = (s: SwitchShape): boolean =>
  s.released_at === null && (s.confirmed.runs < s.requested.runs || (s.scope.kind === "run" && s.requested.runs === 0));

/** Of it, what a short wait can change: the lost are not asked every two seconds for ever. */
export const mayMoveSoon = (p: PropagationShape): boolean =>
  p.switch.released_at === null &&
  (p.runs.outstanding.some((each) => each.state !== "lost") ||
    p.instances.some((each) => each.state === "requested" || each.state === "seen"));

/** "6 of 6": instances where no run was asked, else runs. */
export function obeyedWords(s: SwitchShape): string {
  if (s.scope.kind === "run" && s.requested.runs === 0) return "cannot be confirmed";
  if (s.requested.runs === 0 && s.requested.instances === 0) return "–";
  return s.requested.runs > 0 && s.mode === "stop" && !blocks(s.scope.kind)
    ? `${s.confirmed.runs} of ${counted(s.requested.runs, "run")}`
    : `${s.confirmed.instances} of ${counted(s.requested.instances, "instance")}`;
}

export const shortRevision = (revision: number): string => String(revision % 10_000);
export const auditHref = (environment: string, switchId: string): string =>
  `/${environment}/audit?target=${encodeURIComponent(switchId)}`;
