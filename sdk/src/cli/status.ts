import { type Command, EXIT } from "./command.js";
import { ago, counted, table } from "./print.js";

type Switch = {
  switch_id: string;
  mode: string;
  scope: { kind: string; key: string | null };
  reason: string;
  set_at: string;
  set_by: string;
  confirmed: { runs: number };
  requested: { runs: number };
};
type State = {
  revision: number;
  mode: string;
  switches: Switch[];
  settings: { ttl_s: number; on_stale: string };
  obedience: {
    seen: number;
    lagging: { instance_id: string; silent_s: number }[];
    lost: { instance_id: string; silent_s: number }[];
  };
};

/** What holds, who obeys, what waits. */
export const status: Command = {
  usage: "status",
  about: "What holds, who obeys, what waits. Exits with 3 where an instance does not obey.",
  needs: "read",
  run: async (call) => {
    const state = await call.client.get<State>("/control/state");
    const { lagging, lost, seen } = state.obedience;
    call.say(`${state.mode === "run" ? "running" : state.mode}, revision ${state.revision}`);
    if (state.switches.length > 0)
      call.say(
        table(
          ["switch", "mode", "of", "since", "by", "why"],
          state.switches.map((s) => [
            s.switch_id,
            s.mode,
            s.scope.key === null ? s.scope.kind : `${s.scope.kind} ${s.scope.key}`,
            ago(s.set_at),
            s.set_by,
            s.reason,
          ]),
        ),
      );
    call.say(`${counted(seen, "instance")} on the newest revision, ${lagging.length} behind, ${lost.length} lost`);
    for (const one of lagging) call.say(`  behind: ${one.instance_id}, silent for ${Math.round(one.silent_s)} s`);
    for (const one of lost) call.say(`  lost: ${one.instance_id}, silent for ${Math.round(one.silent_s)} s`);
    const [approvals, alerts] = await Promise.all([
      call.client.get<{ pending?: number }>("/approvals/counts"),
      call.client.get<Record<string, unknown>>("/alerts/counts"),
    ]);
    call.say(`approvals: ${summed(approvals)}; alerts: ${summed(alerts)}`);
    call.give({ ...state, approvals, alerts });
    return lagging.length + lost.length > 0 ? EXIT.notRight : EXIT.done;
  },
};

const summed = (counts: Record<string, unknown>): string =>
  Object.entries(counts)
    .filter((e): e is [string, number] => typeof e[1] === "number")
    .map(([name, n]) => `${n} ${name.replaceAll("_", " ")}`)
    .join(", ");
