"use client";

import { Button } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import Link from "next/link";
import type { RunShape } from "@/lib/runs/schema";
import { agentHref } from "../fleet/parts";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { integer, shorten } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Gate, RunOutcome } from "../kit/status";
import { SuccessStrip } from "../kit/success";
import { Strong, TextLink } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { placeName } from "../overview/place-name";
import s from "./connect.module.css";
import type { Connection } from "./use-connection";

const runHref = (slug: string, runId: string) => `/${slug}/runs/${encodeURIComponent(runId)}`;

const whatItDoes = (run: RunShape, stoppable: boolean): string => {
  const asks =
    run.gate === "enforced" ? "It asks before it runs" : "It tells what it does, and nothing of it can be refused yet";
  return `${asks}${stoppable ? ", and it can be stopped" : ""}.`;
};

export function Connected({ connection }: { connection: Connection }) {
  const { environment } = usePlace();
  const { first, newest, asking, onlyTest } = connection;
  const run = first ?? newest;
  if (!run) return null;
  const stoppable = asking.some((agent) => agent.agent_id === run.agent_id);
  return (
    <SuccessStrip
      title={
        onlyTest
          ? `The way to ${placeName(environment)} is open`
          : `${run.agent_id} is connected to ${placeName(environment)}`
      }
      action={
        <Button
          component={Link}
          href={runHref(environment.slug, run.run_id)}
          size="lg"
          variant="filled"
          rightSection={<IconArrowRight size={16} aria-hidden />}
        >
          {first ? "Open the first run" : "Open the newest run"}
        </Button>
      }
    >
      {onlyTest ? "A test span came" : first ? "First run" : "Newest run"} <RelativeTime at={run.started_at} />.{" "}
      {onlyTest ? "Now your agent: this page goes on listening." : whatItDoes(run, stoppable)}
    </SuccessStrip>
  );
}

/** The newest runs, as evidence. */
export function Arrived({ runs }: { runs: RunShape[] }) {
  const { slug } = usePlace().environment;
  const columns: Column<RunShape>[] = [
    { id: "at", header: "Started", dim: true, cell: (run) => <RelativeTime at={run.started_at} /> },
    { id: "agent", header: "Agent", card: "title", cell: (run) => <Strong>{run.agent_id}</Strong> },
    {
      id: "run",
      header: "Run",
      cell: (run) => (
        <TextLink href={runHref(slug, run.run_id)} mono plain>
          {shorten(run.run_id, 10, 4)}
        </TextLink>
      ),
    },
    {
      id: "outcome",
      header: "Outcome",
      card: "state",
      cell: (run) => <RunOutcome status={run.status} stopReason={run.stop_reason} />,
    },
    { id: "gate", header: "Gate", cell: (run) => <Gate enforced={run.gate === "enforced"} /> },
    { id: "spans", header: "Spans", align: "right", cell: (run) => integer(run.spans) },
  ];
  return (
    <Panel
      title="What arrived"
      sub="the newest runs, live"
      foot={
        <>
          <span>Agents that call for the first time are unreviewed until a person looks.</span>
          {runs[0] && <TextLink href={agentHref(slug, runs[0].agent_id)}>{`Review ${runs[0].agent_id}`}</TextLink>}
        </>
      }
    >
      <DataTable
        label="Newest runs"
        dense
        cards
        columns={columns}
        rows={runs.slice(0, 6)}
        rowId={(run) => run.run_id}
      />
    </Panel>
  );
}

export function Next({ agentId }: { agentId: string }) {
  const { slug } = usePlace().environment;
  const steps = [
    {
      title: "Stop it once",
      text: `A stop on ${agentId}, and its release: requested, seen, confirmed. The only proof that the handle works.`,
      href: `/${slug}/controls?mode=stop&scope=${encodeURIComponent(`agent:${agentId}`)}`,
      act: "Stop it…",
    },
    {
      title: "Look at what it did",
      text: "Its turns, tool calls and cost, and why each run ended. Then mark it as reviewed.",
      href: agentHref(slug, agentId),
      act: `Open ${agentId}`,
    },
    {
      title: "Tell a second person",
      text: "Somebody should be able to stop it when you sleep. Invite an operator.",
      href: `/${slug}/settings`,
      act: "People and keys",
    },
  ];
  return (
    <Panel title="Next" sub="each takes a minute">
      <div className={s.next}>
        {steps.map((step) => (
          <div key={step.title}>
            <b>{step.title}</b>
            <p>{step.text}</p>
            <Button component={Link} href={step.href}>
              {step.act}
            </Button>
          </div>
        ))}
      </div>
    </Panel>
  );
}
