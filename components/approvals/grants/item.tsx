"use client";

import type { GrantShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { Tag } from "../../kit/status";
import { RelativeTime } from "../../kit/time";
import q from "../queue/queue.module.css";
import { silenced, usesWords } from "../words";

export const GrantState = ({ state }: { state: GrantShape["state"] }) => (
  <Tag tone={state === "active" ? "accent" : "quiet"}>{state}</Tag>
);

export function GrantItem({ of, on, onOpen }: { of: GrantShape; on: boolean; onOpen: () => void }) {
  const { slug } = usePlace().environment;
  return (
    <li className={q.item} data-on={on || undefined}>
      <a
        className={q.open}
        href={`/${slug}/approvals?view=grants&grant=${encodeURIComponent(of.grant_id)}`}
        aria-current={on ? "true" : undefined}
        onClick={(event) => {
          if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          onOpen();
        }}
      >
        <b>{of.tool}</b>
        <span className={q.when}>{of.state === "active" && <RelativeTime at={of.expires_at} />}</span>
        <p>
          {of.agent_id}
          {of.tenant_id && ` for ${of.tenant_id}`}, {of.reason}
        </p>
        <div>
          <GrantState state={of.state} />
          <small>
            {usesWords(of)}, {counted(silenced(of), "question")} silenced
          </small>
        </div>
      </a>
    </li>
  );
}
