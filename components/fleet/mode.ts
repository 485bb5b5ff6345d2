import type { Mode, StateShape, SwitchShape } from "@/lib/controls/schema";

const WEIGHT: Record<Mode, number> = { run: 0, safe_mode: 1, pause: 2, stop: 3 };

/** The strictest switch that holds the whole agent: its own, or the environment's. */
export function holding(state: StateShape | undefined, agentId: string): SwitchShape | null {
  const on = (state?.switches ?? []).filter(
    ({ scope }) => scope.kind === "environment" || (scope.kind === "agent" && scope.key === agentId),
  );
  return on.reduce<SwitchShape | null>(
    (worst, each) => (worst === null || WEIGHT[each.mode] > WEIGHT[worst.mode] ? each : worst),
    null,
  );
}

/** A stop that not every run has confirmed. */
export const spreading = (each: SwitchShape): boolean =>
  each.mode === "stop" && each.confirmed.runs < each.requested.runs;
