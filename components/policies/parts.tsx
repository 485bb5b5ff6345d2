import { IconArchive, IconEye, IconLock, IconPencil } from "@tabler/icons-react";
import type { PolicyShape, PolicyState } from "@/lib/policies/schema";
import { St, Tag, type Tone } from "../kit/status";
import { bindingWords } from "./words";

const STATES: Record<PolicyState, { tone: Tone; Icon: typeof IconEye; title: string }> = {
  draft: { tone: "accent", Icon: IconPencil, title: "Kept, decides nothing" },
  observe: { tone: "bad", Icon: IconEye, title: "Decides and records, blocks nothing" },
  enforce: { tone: "good", Icon: IconLock, title: "Decides" },
  retired: { tone: "quiet", Icon: IconArchive, title: "Out of use" },
};

/** Observe is red: somebody may think that it protects them. */
export function StateTag({ state, version }: { state: PolicyState; version?: number }) {
  const { tone, Icon, title } = STATES[state];
  return (
    <Tag tone={tone} icon={<Icon size={12} aria-hidden />} title={title}>
      {version === undefined ? state : `version ${version}, ${state}`}
    </Tag>
  );
}

/** The newest version has not come to decide: somebody may still be at it. */
export const ahead = (p: PolicyShape): boolean =>
  p.latest_version !== (p.enforced_version ?? p.observed_version) || p.latest_state === "retired";

/** The version that is in force, whatever the latest is. */
export function InForce({ policy }: { policy: PolicyShape }) {
  const { enforced_version, observed_version } = policy;
  if (enforced_version !== null)
    return (
      <St tone="good" icon={<IconLock size={14} aria-hidden />}>
        version {enforced_version} enforces
      </St>
    );
  if (observed_version !== null)
    return (
      <St tone="bad" icon={<IconEye size={14} aria-hidden />}>
        version {observed_version} observes, blocks nothing
      </St>
    );
  return <St tone="quiet">no version is in force</St>;
}

export function Bindings({ bindings }: { bindings: PolicyShape["bindings"] }) {
  if (bindings.length === 0) return <St tone="warn">bound to nobody</St>;
  return (
    <ul>
      {bindings.map((binding) => (
        <li key={bindingWords(binding)}>{bindingWords(binding)}</li>
      ))}
    </ul>
  );
}
