"use client";

import type { ComponentType } from "react";
import type { CountsShape } from "@/lib/approvals/schema";
import { usePlace } from "../frame/place";
import { counted } from "../kit/numbers";
import { Empty } from "../kit/states";
import { TextLink } from "../kit/text";
import type { ApprovalView } from "./search-params";

const ASKS = `approvals:
  ladder:
    - roles: [approver]
      timeout_s: 900
conditions:
  - tool: refund.create
    when: args.amount_eur > 500
    then: require_approval`;

export function NothingWaits(props: {
  view: ApprovalView;
  counts: CountsShape | undefined;
  icon: ComponentType<{ size?: number; stroke?: number }>;
}) {
  const { view, counts, icon } = props;
  const { slug } = usePlace().environment;
  const others = counts?.pending ?? 0;
  if (view === "decided")
    return (
      <Empty icon={icon} title="Nothing was decided yet">
        Every verdict stays here: who said yes or no, when and why, and what became of the call.
      </Empty>
    );
  if (view === "mine" && others > 0)
    return (
      <Empty
        icon={icon}
        title="Nothing waits for you"
        actions={
          <TextLink href={`/${slug}/approvals?view=all`}>{`See the ${counted(others, "case")} of others`}</TextLink>
        }
      >
        {others === 1 ? "One case waits" : `${others} cases wait`} for other people, or {others === 1 ? "was" : "were"}{" "}
        asked for by you.
      </Empty>
    );
  return (
    <Empty
      icon={icon}
      title="Nothing waits"
      code={ASKS}
      language="text"
      codeLabel="Lines of a policy that ask a person"
      copyLabel="Copy the lines"
      actions={<TextLink href={`/${slug}/policies`}>Open the policies</TextLink>}
    >
      When a policy says that a person must look first, the call stands here with its exact arguments until somebody
      says yes or no, or its time is over. These lines of a policy ask for one.
    </Empty>
  );
}
