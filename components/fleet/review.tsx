"use client";

import { Button } from "@mantine/core";
import { IconUserCheck } from "@tabler/icons-react";
import type { AgentShape } from "@/lib/fleet/schema";
import { useAct } from "../frame/act";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { Meta } from "../kit/text";
import { detailOf } from "../runs/problem";
import s from "./fleet.module.css";

/** A person says that they have looked at an agent. */
function useReview(agentId: string) {
  const act = useAct<void, { audit_row: number }>({
    topics: ["fleet"],
    run: (call) => call.post(`/agents/${encodeURIComponent(agentId)}/review`),
    said: () => `${agentId} is reviewed`,
  });
  const review = () =>
    act.mutate(undefined, {
      onError: (error) => notify({ tone: "bad", title: `${agentId} was not reviewed`, message: detailOf(error) }),
    });
  return { review, busy: act.isPending };
}

export function ReviewLink({ agent }: { agent: AgentShape }) {
  const { may } = usePlace();
  const { review, busy } = useReview(agent.agent_id);
  if (agent.reviewed) return <Meta>{agent.reviewed_by ? `by ${agent.reviewed_by}` : "reviewed"}</Meta>;
  if (!may["fleet.review"]) return <Meta title="It needs the role operator, owner, policy_admin or admin">–</Meta>;
  return (
    <button type="button" className={s.link} disabled={busy} aria-label={`Review ${agent.agent_id}`} onClick={review}>
      Review
    </button>
  );
}

export function ReviewButton({ agent }: { agent: AgentShape }) {
  const { may } = usePlace();
  const { review, busy } = useReview(agent.agent_id);
  const allowed = may["fleet.review"] === true;
  if (agent.reviewed) return null;
  return (
    <Button
      leftSection={<IconUserCheck size={15} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : "It needs the role operator, owner, policy_admin or admin"}
      loading={busy}
      onClick={review}
    >
      Review
    </Button>
  );
}
