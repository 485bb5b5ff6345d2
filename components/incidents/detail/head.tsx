"use client";

import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { usePlace } from "../../frame/place";
import { PageHead } from "../../kit/panel";
import { Severity } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { IncidentState, Marks } from "../parts";
import { NEEDS_WRITER } from "../words";
import s from "./detail.module.css";
import type { Doing } from "./doing";

type Props = { of: IncidentDetail; allowed: boolean; onDo: (doing: Doing) => void };

export function IncidentHead({ of, allowed, onDo }: Props) {
  const { slug } = usePlace().environment;
  const left = of.checks.filter((c) => !c.met).length;
  const closed = of.status === "closed";
  const why = allowed ? undefined : NEEDS_WRITER;
  return (
    <PageHead
      trail={
        <>
          <TextLink plain href={`/${slug}/incidents`}>
            Incidents
          </TextLink>
          {of.category && ` / ${of.category}`}
        </>
      }
      title={
        <>
          {of.incident_id}, {of.title}
          <span className={s.marks}>
            <Severity level={of.severity} />
            <IncidentState status={of.status} />
            <Marks of={of} />
          </span>
        </>
      }
      meta={
        closed && of.closed_at ? (
          <>
            closed by {of.closed_by}, <ExactTime at={of.closed_at} />
          </>
        ) : undefined
      }
    >
      <Button disabled={!allowed} title={why} onClick={() => onDo({ what: "note" })}>
        Add note
      </Button>
      {!closed && (
        <>
          <Button disabled={!allowed} title={why} onClick={() => onDo({ what: "commander" })}>
            {of.commander ? "Hand over…" : "Name a commander…"}
          </Button>
          <ChangeMenu {...{ of, allowed, onDo }} />
          <Button
            disabled={!allowed || left > 0}
            title={why ?? (left > 0 ? `${left} things are missing` : undefined)}
            onClick={() => onDo({ what: "close" })}
          >
            Close…
          </Button>
        </>
      )}
    </PageHead>
  );
}

function ChangeMenu({ of, allowed, onDo }: Props) {
  return (
    <Menu>
      <Menu.Target>
        <Button
          disabled={!allowed}
          title={allowed ? undefined : NEEDS_WRITER}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Change
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {of.status === "open" && (
          <Menu.Item onClick={() => onDo({ what: "status", to: "mitigated" })}>Mitigated…</Menu.Item>
        )}
        {of.status !== "resolved" && (
          <Menu.Item onClick={() => onDo({ what: "status", to: "resolved" })}>Resolved…</Menu.Item>
        )}
        {of.status !== "open" && (
          <Menu.Item onClick={() => onDo({ what: "status", to: "open" })}>Open again…</Menu.Item>
        )}
        <Menu.Item onClick={() => onDo({ what: "about" })}>Title and severity…</Menu.Item>
        <Menu.Item onClick={() => onDo({ what: "runs" })}>Add a run…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
