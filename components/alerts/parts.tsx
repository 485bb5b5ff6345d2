import { IconBellRinging, IconCircleCheck, IconHistory, IconUserCheck } from "@tabler/icons-react";
import type { AlertShape } from "@/lib/alerts/schema";
import { St, Tag, type Tone } from "../kit/status";

const STATES: Record<AlertShape["state"], [Tone, typeof IconHistory]> = {
  open: ["bad", IconBellRinging],
  acknowledged: ["warn", IconUserCheck],
  resolved: ["quiet", IconCircleCheck],
};
export function AlertState({ state }: { state: AlertShape["state"] }) {
  const [tone, Icon] = STATES[state];
  return (
    <St tone={tone} icon={<Icon size={15} aria-hidden />}>
      {state}
    </St>
  );
}
export const HistoricTag = () => (
  <Tag
    icon={<IconHistory size={11} aria-hidden />}
    title="It was older than an hour when it came: nobody was told, nothing was done"
  >
    historic
  </Tag>
);
