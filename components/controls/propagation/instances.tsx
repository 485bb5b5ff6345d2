import { IconCheck, IconClockPause, IconEye, IconQuestionMark } from "@tabler/icons-react";
import type { PropagationShape } from "@/lib/controls/schema";
import { counted, duration } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Gate } from "../../kit/status";
import { Strong } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import s from "./propagation.module.css";

type Instance = PropagationShape["instances"][number];
const STATES = {
  confirmed: { Icon: IconCheck, word: "confirmed" },
  seen: { Icon: IconEye, word: "seen, a run closing" },
  requested: { Icon: IconClockPause, word: "not seen" },
  lost: { Icon: IconQuestionMark, word: "lost, never counted as stopped" },
} as const;

const Box = ({ state, id }: { state: Instance["state"]; id?: string }) => {
  const { Icon, word } = STATES[state];
  return (
    <i data-s={state} title={id ? `${id}: ${word}` : undefined}>
      <Icon size={12} stroke={2.4} aria-hidden />
    </i>
  );
};

function byAgent(instances: Instance[]): [string, Instance[]][] {
  const groups = new Map<string, Instance[]>();
  for (const each of instances) {
    const agent = each.agent_id ?? "agent not named";
    groups.set(agent, [...(groups.get(agent) ?? []), each]);
  }
  return [...groups];
}

function standing(list: Instance[]): string {
  const done = list.filter((each) => each.state === "confirmed");
  const lags = list.flatMap((each) => each.lag_ms ?? []);
  const last = lags.length > 0 ? `, ${duration(Math.max(...lags) / 1000)}` : "";
  if (list.every((each) => each.state === "lost")) return "unknown";
  return `${done.length} of ${list.length} confirmed${last}`;
}

/** One cell per instance, agent by agent. */
export function Instances({ data }: { data: PropagationShape }) {
  const lost = data.instances.filter((each) => each.state === "lost").length;
  const live = data.instances.length - lost;
  return (
    <Panel title="Instances" sub={`${live} live${lost > 0 ? `, ${lost} lost` : ""}`}>
      {data.instances.length === 0 ? (
        <p className={s.quiet}>No instance was known when it was set. Whoever asks next is told.</p>
      ) : (
        <ul className={s.instances}>
          {byAgent(data.instances).map(([agent, list]) => {
            const said = Object.entries(STATES)
              .map(([state, { word }]) => [list.filter((each) => each.state === state).length, word] as const)
              .filter(([n]) => n > 0)
              .map(([n, word]) => `${n} ${word}`);
            return (
              <li key={agent}>
                <Strong>{agent}</Strong>
                <Gate enforced={list[0]?.gate === "enforced"} />
                <span className={s.boxes} role="img" aria-label={said.join(", ")}>
                  {list.map((each) => (
                    <Box key={each.instance_id} state={each.state} id={each.instance_id} />
                  ))}
                </span>
                <span>{standing(list)}</span>
              </li>
            );
          })}
        </ul>
      )}
      <ul className={s.keys} aria-label="What the cells mean">
        {(["confirmed", "seen", "requested", "lost"] as const).map((state) => (
          <li key={state} className={s.boxes}>
            <Box state={state} />
            {STATES[state].word}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Who has not been heard: by name, and never among those that stopped. */
export function Lost({ data }: { data: PropagationShape }) {
  const lost = data.instances.filter((each) => each.state === "lost");
  if (lost.length === 0) return null;
  return (
    <Panel title="Lost instances" sub={String(lost.length)}>
      <ul className={s.lost}>
        {lost.map((each) => (
          <li key={each.instance_id}>
            <IconQuestionMark size={15} aria-hidden />
            <span>
              <b>{each.instance_id}</b>, last heard <RelativeTime at={each.last_heard_at} />
            </span>
          </li>
        ))}
      </ul>
      <p className={s.quiet}>
        By their own rule {counted(lost.length, "instance")} should have acted when what they knew grew stale, but
        nobody has confirmed it. Check the host.
      </p>
    </Panel>
  );
}
