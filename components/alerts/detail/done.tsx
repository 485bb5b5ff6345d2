"use client";

import { Button } from "@mantine/core";
import {
  IconBellRinging,
  IconCircleCheck,
  IconEye,
  IconEyeOff,
  IconFlame,
  IconHandStop,
  IconMessage,
  IconShieldHalf,
  IconUserCheck,
} from "@tabler/icons-react";
import { type ComponentType, type ReactNode, useState } from "react";
import type { AlertDetail } from "@/lib/alerts/schema";
import { usePlace } from "../../frame/place";
import { OpenIncident } from "../../incidents/open";
import { atLeastWarning, incidentHref } from "../../incidents/words";
import { Panel } from "../../kit/panel";
import { Tag } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { ACTION_WORDS, NEEDS_BOTH, titleOf } from "../words";
import s from "./alert.module.css";

type Icon = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
const ICONS: Record<string, Icon> = {
  notify: IconMessage,
  stop_run: IconHandStop,
  safe_mode: IconShieldHalf,
  open_incident: IconFlame,
};

function Line(props: { icon: Icon; what: ReactNode; small: ReactNode; tag: ReactNode }) {
  const { icon: Mark, what, small, tag } = props;
  return (
    <li className={s.act}>
      <Mark size={15} aria-hidden />
      <div>
        {what}
        <small>{small}</small>
      </div>
      {tag}
    </li>
  );
}

/** What the rule did or would have done, and what people did. */
export function WhatWasDone({ of }: { of: AlertDetail }) {
  const { environment, may } = usePlace();
  const [opening, setOpening] = useState(false);
  const allowed = may["incidents.write"] === true;
  const nothing = of.actions_taken.length === 0 && of.state === "open" && !of.incident_id;
  return (
    <Panel
      title="What was done"
      sub="by the rule and by people"
      foot={
        of.incident_id ? undefined : (
          <Button
            size="xs"
            leftSection={<IconFlame size={13} aria-hidden />}
            disabled={!allowed}
            title={allowed ? undefined : NEEDS_BOTH}
            onClick={() => setOpening(true)}
          >
            Open an incident…
          </Button>
        )
      }
    >
      {nothing && <p className={s.absent}>Nothing. The rule asks for no act, and nobody has looked at it yet.</p>}
      <ul>
        {of.actions_taken.map((a) => (
          <Line
            key={`${a.action}${a.target ?? ""}${a.at}`}
            icon={a.taken ? (ICONS[a.action] ?? IconBellRinging) : IconEyeOff}
            what={ACTION_WORDS[a.action] ?? a.action}
            small={
              <>
                <ExactTime at={a.at} />, {a.note}
              </>
            }
            tag={
              a.taken ? (
                <Tag>done</Tag>
              ) : of.mode === "observe" ? (
                <Tag tone="warn" icon={<IconEye size={12} aria-hidden />}>
                  observe
                </Tag>
              ) : (
                <Tag>not done</Tag>
              )
            }
          />
        ))}
        {of.acknowledged_by && (
          <Line
            icon={IconUserCheck}
            what="Acknowledged"
            small={
              <>
                {of.acknowledged_at && <ExactTime at={of.acknowledged_at} />}, {of.acknowledged_by}
                {of.note && `, “${of.note}”`}
              </>
            }
            tag={<Tag>person</Tag>}
          />
        )}
        {of.incident_id && (
          <Line
            icon={IconFlame}
            what={<TextLink href={incidentHref(environment.slug, of.incident_id)}>{of.incident_id}</TextLink>}
            small="the incident that it belongs to"
            tag={<Tag>incident</Tag>}
          />
        )}
        {of.resolved_by && (
          <Line
            icon={IconCircleCheck}
            what="Resolved"
            small={
              <>
                {of.resolved_at && <ExactTime at={of.resolved_at} />}, {of.resolved_by}
                {of.resolve_reason && `, “${of.resolve_reason}”`}
              </>
            }
            tag={<Tag>{of.resolved_by === "Interlock" ? "by itself" : "person"}</Tag>}
          />
        )}
      </ul>
      {opening && (
        <OpenIncident
          title={titleOf(of)}
          severity={atLeastWarning(of.severity)}
          alertIds={[of.alert_id]}
          onClose={() => setOpening(false)}
        />
      )}
    </Panel>
  );
}
