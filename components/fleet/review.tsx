"use client";

import { Button } from "@mantine/core";
import { IconUserCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AgentShape } from "@/lib/fleet/schema";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { notify } from "../kit/notify";
import { Meta } from "../kit/text";
import { detailOf } from "../overview/problem";
import s from "./fleet.module.css";

/** A person says that they have looked at an agent. */
function useReview(agentId: string) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api(slug).post<{ audit_row: number }>(`/agents/${encodeURIComponent(agentId)}/review`),
    onSuccess: ({ audit_row }) => {
      notify({
        tone: "good",
        title: `${agentId} is reviewed`,
        audit: { label: `Audit row ${audit_row}`, href: `/${slug}/audit?row=${audit_row}` },
      });
      return client.invalidateQueries({ queryKey: [slug, "fleet"] });
    },
    onError: (error) => notify({ tone: "bad", title: `${agentId} was not reviewed`, message: detailOf(error) }),
  });
}

export function ReviewLink({ agent }: { agent: AgentShape }) {
  const { may } = usePlace();
  const review = useReview(agent.agent_id);
  if (agent.reviewed) return <Meta>{agent.reviewed_by ? `by ${agent.reviewed_by}` : "reviewed"}</Meta>;
  if (!may["fleet.review"]) return <Meta title="It needs the role operator, owner, policy_admin or admin">–</Meta>;
  return (
    <button
      type="button"
      className={s.link}
      disabled={review.isPending}
      aria-label={`Review ${agent.agent_id}`}
      onClick={() => review.mutate()}
    >
      Review
    </button>
  );
}

export function ReviewButton({ agent }: { agent: AgentShape }) {
  const { may } = usePlace();
  const review = useReview(agent.agent_id);
  const allowed = may["fleet.review"] === true;
  if (agent.reviewed) return null;
  return (
    <Button
      leftSection={<IconUserCheck size={15} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : "It needs the role operator, owner, policy_admin or admin"}
      loading={review.isPending}
      onClick={() => review.mutate()}
    >
      Review
    </Button>
  );
}
