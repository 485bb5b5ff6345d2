"use client";

import { IconFlame, IconPencil } from "@tabler/icons-react";
import type { CaseShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { St, Tag } from "../../kit/status";
import { Mono } from "../../kit/text";
import { RelativeTime } from "../../kit/time";
import { Outcome } from "../parts";
import { approvalHref, nameOf, personWords } from "../words";
import s from "./case.module.css";

/** What it does to the world, what it touches, and whether it was done before. */
export function EffectFacts({ of }: { of: CaseShape }) {
  const resources = of.intent?.resources ?? [];
  return (
    <Panel label="Effect">
      <dl className={s.facts}>
        <div>
          <dt>Effect</dt>
          <dd>
            {of.effect === "irreversible" ? (
              <St tone="bad" icon={<IconFlame size={14} aria-hidden />}>
                <b>irreversible</b>
              </St>
            ) : of.effect === "write" ? (
              <St tone="plain" icon={<IconPencil size={14} aria-hidden />}>
                <b>write</b>
              </St>
            ) : (
              <b>{of.effect ?? "–"}</b>
            )}
          </dd>
          <dd className={s.small}>
            {of.compensation ? (
              <>
                undone by <Mono>{of.compensation}</Mono>
              </>
            ) : (
              "no compensation"
            )}
          </dd>
        </div>
        <div>
          <dt>Touches</dt>
          <dd>
            <Mono className={s.touched}>{resources[0] ?? of.connector ?? "not said"}</Mono>
          </dd>
          <dd className={s.small}>{resources.length > 1 ? resources.slice(1).join(", ") : (of.connector ?? "")}</dd>
        </div>
        <div>
          <dt>Done before</dt>
          <dd>
            <b>{counted(of.done_before, "time")}</b>
          </dd>
          <dd className={s.small}>by this agent, 90 days</dd>
        </div>
      </dl>
    </Panel>
  );
}

/** What people said of the same tool; the same bytes are marked. */
export function Similar({ of }: { of: CaseShape }) {
  const { slug } = usePlace().environment;
  const { approved, denied, expired } = of.similar_counts;
  const none = of.similar.length === 0;
  return (
    <Panel
      title="Similar, last 90 days"
      sub={none ? undefined : `${approved} approved, ${denied} denied, ${expired} expired`}
    >
      {none ? (
        <p className={s.absent}>Nobody was asked about {nameOf(of)} before. You are the first.</p>
      ) : (
        <ul className={s.past}>
          {of.similar.map((past) => (
            <li key={past.id}>
              <Outcome short status={past.status} />
              <a href={approvalHref(slug, past.id)} title={past.settle_reason ?? undefined}>
                {past.agent_id}
                {past.settle_reason && `, “${past.settle_reason}”`}
              </a>
              <span>
                {past.same_args && <Tag tone="accent">same bytes</Tag>}
                {past.settled_by && <span className={s.by}>{personWords(past.settled_by)}</span>}
                {past.settled_at && <RelativeTime at={past.settled_at} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
