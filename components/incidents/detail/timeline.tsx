"use client";

import { Button } from "@mantine/core";
import {
  IconBell,
  IconBolt,
  IconChecklist,
  IconCoin,
  IconFlame,
  IconHandStop,
  IconNote,
  IconPencil,
  IconPlayerPlay,
  IconShieldX,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { IncidentDetail, TimelineItem } from "@/lib/incidents/schema";
import { usePlace } from "../../frame/place";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { Mono, TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { Timeline, type TimelineEvent } from "../../kit/timeline";
import { Problem } from "../../runs/problem";
import { timelineQuery } from "../queries";
import s from "./detail.module.css";

const SHOWN = 24;
const ICONS: Record<TimelineItem["kind"], typeof IconBell> = {
  alert: IconBell,
  action: IconBolt,
  switch: IconHandStop,
  run: IconPlayerPlay,
  refused: IconShieldX,
  approval: IconChecklist,
  budget: IconCoin,
  effect: IconPencil,
  incident: IconFlame,
  note: IconNote,
};
const TONES: Record<TimelineItem["tone"], TimelineEvent["tone"]> = {
  plain: undefined,
  alert: "bad",
  switch: "warn",
  refused: "accent",
  unsure: "warn",
};

function eventOf(i: TimelineItem, n: number, slug: string): TimelineEvent {
  const small = [i.detail?.replace(/\.$/, ""), i.who && `by ${i.who}`].filter(Boolean).join(", ");
  return {
    id: `${n} ${i.at}`,
    time: <ExactTime at={i.at} />,
    icon: ICONS[i.kind],
    tone: TONES[i.tone],
    what: (
      <span className={s.event} data-note={i.kind === "note" || undefined}>
        {i.path ? (
          <TextLink plain href={`/${slug}${i.path}`}>
            {i.what}
          </TextLink>
        ) : (
          i.what
        )}
        {i.mono && (
          <>
            {" "}
            <Mono>{i.mono}</Mono>
          </>
        )}
      </span>
    ),
    sub: small || undefined,
  };
}

/** Made of what happened; people add notes to it and change nothing. Newest last. */
export function TimelinePanel({ of, onNote }: { of: IncidentDetail; onNote: (() => void) | undefined }) {
  const { slug } = usePlace().environment;
  const read = useQuery(timelineQuery(slug, of.incident_id));
  const [all, setAll] = useState(false);
  const items = read.data?.items ?? [];
  const shown = all ? items : items.slice(-SHOWN);
  const hidden = items.length - shown.length;
  return (
    <Panel
      title="Timeline"
      sub="built from what happened"
      right={
        onNote && (
          <Button size="xs" onClick={onNote} aria-label="Add a note to the timeline">
            Note…
          </Button>
        )
      }
      foot={
        hidden > 0 || (read.data?.left_off ?? 0) > 0 ? (
          <>
            {hidden > 0 && (
              <Button size="xs" onClick={() => setAll(true)}>
                All {items.length}
              </Button>
            )}
            {(read.data?.left_off ?? 0) > 0 && <span>{read.data?.left_off} of the same kinds are left out</span>}
          </>
        ) : undefined
      }
    >
      {read.isError && items.length === 0 ? (
        <Problem title="The timeline could not be read" error={read.error} onRetry={() => void read.refetch()} />
      ) : read.isPending ? (
        <Loading what="the timeline" shape="rows" rows={8} />
      ) : (
        <Timeline label="What happened" events={shown.map((i, n) => eventOf(i, n, slug))} />
      )}
    </Panel>
  );
}
