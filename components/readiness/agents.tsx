"use client";

import { Button } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { AgentGateShape } from "@/lib/readiness/schema";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { Row } from "../kit/layout";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { Cut, Dim, Strong, TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { ViewTabs } from "../kit/view-tabs";
import { Problem } from "../runs/problem";
import s from "./gate.module.css";
import { ReadyMark } from "./marks";
import type { AgentGates } from "./queries";
import { READINESS_VIEWS } from "./search-params";

type View = (typeof READINESS_VIEWS)[number];
const KEEPS: Record<View, (g: AgentGateShape) => boolean> = {
  all: () => true,
  ready: (g) => g.ready,
  blocked: (g) => !g.ready,
};
const WORDS: Record<View, string> = { all: "All", ready: "Ready", blocked: "Blocked" };

const columns = (slug: string): Column<AgentGateShape>[] => [
  {
    id: "agent",
    header: "Agent",
    card: "title",
    cell: (g) => (
      <>
        <TextLink plain href={gatePath(slug, g)}>
          <Strong>{g.agent_id}</Strong>
        </TextLink>{" "}
        <Dim>{g.version ?? "names no version"}</Dim>
      </>
    ),
  },
  { id: "ready", header: "Gate", card: "state", cell: (g) => <ReadyMark ready={g.ready} blocking={g.blocking} /> },
  { id: "met", header: "Met", align: "right", cell: (g) => g.counts.met },
  { id: "open", header: "Not met", align: "right", cell: (g) => g.counts.open },
  { id: "unknown", header: "Not known", align: "right", cell: (g) => g.counts.unknown },
  { id: "waived", header: "Waived", align: "right", card: "none", cell: (g) => g.counts.waived },
  {
    id: "first",
    header: "The first that blocks",
    card: "foot",
    dim: true,
    width: "38%",
    cell: (g) =>
      g.first ? (
        <Cut className={s.first} title={g.first}>
          {g.first}
        </Cut>
      ) : (
        "–"
      ),
  },
  { id: "seen", header: "Last seen", dim: true, card: "none", cell: (g) => <RelativeTime at={g.last_seen_at} /> },
];
const gatePath = (slug: string, g: AgentGateShape): string => `/${slug}/readiness/${encodeURIComponent(g.agent_id)}`;

export function Agents(props: {
  read: UseQueryResult<AgentGates>;
  view: View;
  onView: (view: View) => void;
  onPage: (cursor: string | null) => void;
  paged: boolean;
}) {
  const { read, view, onView, onPage, paged } = props;
  const { slug } = usePlace().environment;
  const router = useRouter();
  if (read.isError && !read.data)
    return (
      <Problem
        title="The gates could not be read"
        error={read.error}
        path="GET /api/v1/readiness/agents"
        onRetry={() => void read.refetch()}
      />
    );
  if (!read.data) return <Loading what="the gates" shape="panel" rows={8} />;
  const { items, next_cursor: next } = read.data;
  if (items.length === 0 && !paged)
    return (
      <Empty
        icon={IconChecklist}
        title="No agent yet"
        actions={<TextLink href={`/${slug}/connect`}>Connect an agent</TextLink>}
      >
        Before an agent goes live this page says what is missing: pre-launch failures that nobody watches, six questions
        without an answer, a stop that nobody has tried, an address that nobody has verified. An agent stands here as
        soon as it has sent its first run.
      </Empty>
    );
  const shown = items.filter(KEEPS[view]);
  return (
    <>
      <ViewTabs
        label="Views"
        value={view}
        views={READINESS_VIEWS.map((id) => ({ id, label: WORDS[id], count: items.filter(KEEPS[id]).length }))}
        onChange={(id) => onView(READINESS_VIEWS.find((v) => v === id) ?? "all")}
      />
      <Panel label="Agents and their gates">
        <DataTable
          label="Agents and their gates"
          cards
          keys
          columns={columns(slug)}
          rows={shown}
          rowId={(g) => g.agent_id}
          onOpen={(g) => router.push(gatePath(slug, g))}
          empty={view === "ready" ? "No agent of this page is ready." : "No agent of this page is blocked."}
        />
      </Panel>
      {(next !== null || paged) && (
        <Row>
          {paged && <Button onClick={() => onPage(null)}>First page</Button>}
          {next !== null && <Button onClick={() => onPage(next)}>Next page</Button>}
        </Row>
      )}
    </>
  );
}
