import { IconCircleCheck, IconClockExclamation } from "@tabler/icons-react";
import type { FailureShape, FailureState } from "@/lib/failures/schema";
import { NoPerson, Person } from "../kit/person";
import { St } from "../kit/status";
import { differenceOf, STATES } from "./words";

export function FState({ state }: { state: FailureState }) {
  const { tone, Icon, means } = STATES[state];
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />} title={means}>
      {state}
    </St>
  );
}

export function Owner({ of, none = "nobody" }: { of: FailureShape["owner"]; none?: string }) {
  if (!of) return <NoPerson>{none}</NoPerson>;
  return <Person name={of.name} note={of.problem ? of.problem.toLowerCase().replace(/\.$/, "") : undefined} />;
}

export function Gap({ of }: { of: FailureShape }) {
  const { tone, text } = differenceOf(of);
  if (tone === "quiet") return <St tone="quiet">{text}</St>;
  const Icon = tone === "good" ? IconCircleCheck : IconClockExclamation;
  return (
    <St tone={tone} icon={<Icon size={14} aria-hidden />}>
      {text}
    </St>
  );
}
