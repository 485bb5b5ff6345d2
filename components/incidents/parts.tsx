import { IconCircleCheck, IconFlame, IconFlameOff, IconLock } from "@tabler/icons-react";
import type { IncidentShape, IncidentStatus } from "@/lib/incidents/schema";
import { NoPerson, Person } from "../kit/person";
import { St, Tag, type Tone } from "../kit/status";
import { STATUS_MEANS } from "./words";

const STATES: Record<IncidentStatus, [Tone, typeof IconFlame]> = {
  open: ["bad", IconFlame],
  mitigated: ["accent", IconFlameOff],
  resolved: ["plain", IconCircleCheck],
  closed: ["quiet", IconLock],
};
export function IncidentState({ status }: { status: IncidentStatus }) {
  const [tone, Icon] = STATES[status];
  return (
    <St tone={tone} icon={<Icon size={15} aria-hidden />} title={STATUS_MEANS[status]}>
      {status}
    </St>
  );
}
export const Commander = ({ of }: { of: IncidentShape }) =>
  of.commander ? <Person name={of.commander.name} /> : <NoPerson>nobody yet</NoPerson>;

/** What makes it worse than the first of its kind. */
export function Marks({ of }: { of: IncidentShape }) {
  return (
    <>
      {of.recurrence_of && (
        <Tag tone="warn" title={`${of.recurrence_of} was the same, and no rule changed since`}>
          recurrence
        </Tag>
      )}
      {of.unnamed && (
        <Tag tone="warn" title="The inventory had no entry of its category before it opened">
          unnamed
        </Tag>
      )}
    </>
  );
}
