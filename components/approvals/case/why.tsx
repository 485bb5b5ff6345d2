"use client";

import { Button } from "@mantine/core";
import { IconCheck, IconCircleCheck, IconCircleX, IconClockX, IconHammer, IconMinus, IconX } from "@tabler/icons-react";
import type { CaseShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { integer, money, shorten } from "../../kit/numbers";
import { KeyValue, Panel } from "../../kit/panel";
import { type RunState, RunStatus, St } from "../../kit/status";
import { Meta, Mono, TextLink } from "../../kit/text";
import { Duration } from "../../kit/time";
import { runHref } from "../../runs/list/columns";
import { askedOf, stageName } from "../words";
import s from "./case.module.css";

export function WhyAsked({ of }: { of: CaseShape }) {
  const { slug } = usePlace().environment;
  return (
    <Panel title="Why a person is asked">
      <KeyValue
        padded
        items={[
          { term: "Rule", value: <Mono>{of.rule}</Mono> },
          { term: "Says", value: of.says },
          {
            term: "Policy",
            value: of.policy ? (
              <>
                <TextLink href={`/${slug}/policies/${encodeURIComponent(of.policy.id)}`}>{of.policy.id}</TextLink>{" "}
                version {of.policy.version}
              </>
            ) : (
              "no document: the ledger asks"
            ),
          },
        ]}
      />
    </Panel>
  );
}

const VOTES = { approve: IconCircleCheck, deny: IconCircleX, abstain: IconMinus } as const;
const TONES = { approve: "good", deny: "bad", abstain: "quiet" } as const;

/** Who is asked, in which order, what they said, and what happens when they do not answer. */
export function Ladder({ of, onGlass }: { of: CaseShape; onGlass?: () => void }) {
  const waits = of.status === "pending";
  return (
    <Panel
      title="Ladder"
      sub={waits ? `stage ${of.stage + 1} of ${Math.max(1, of.stages.length)}` : undefined}
      right={
        onGlass && (
          <Button size="xs" leftSection={<IconHammer size={13} aria-hidden />} onClick={onGlass}>
            Break glass…
          </Button>
        )
      }
    >
      <ol className={s.ladder}>
        {of.stages.map((stage, index) => {
          const name = stageName(stage, index);
          const said = index < of.stage || (!waits && index === of.stage);
          const now = waits && index === of.stage;
          return (
            <li key={`${name} ${askedOf(stage)} ${stage.timeout_s}`} data-state={now ? "now" : undefined}>
              <i aria-hidden>{said ? <StageMark of={of} last={index === of.stage} /> : index + 1}</i>
              <div>
                {name}
                {now && <span className="il-sr">, asked now</span>}
                <small>{askedOf(stage)}</small>
                <Votes of={of} stage={index} />
              </div>
              <Meta title={stage.on_timeout === "escalate" ? "Then the next stage is asked" : "Then it expires"}>
                {index > of.stage && "then "}
                {timeWords(stage.timeout_s)}
              </Meta>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** How a stage that is over ended: the last one as the case did. */
function StageMark({ of, last }: { of: CaseShape; last: boolean }) {
  const yes = of.status === "approved" || of.status === "used" || of.status === "pending";
  if (!last || yes) return <IconCheck size={12} stroke={2.6} />;
  return of.status === "denied" ? <IconX size={12} stroke={2.6} /> : <IconClockX size={12} stroke={2} />;
}

const timeWords = (seconds: number): string =>
  seconds < 120 ? `${integer(seconds)} s` : `${integer(seconds / 60)} min`;

function Votes({ of, stage }: { of: CaseShape; stage: number }) {
  const votes = of.votes.filter((vote) => vote.stage === stage);
  return votes.map((vote) => {
    const Icon = VOTES[vote.verdict];
    return (
      <span key={`${vote.voter}-${vote.at}`} className={s.vote}>
        <St tone={TONES[vote.verdict]} icon={<Icon size={13} aria-hidden />}>
          {vote.verdict === "approve" ? "approved" : vote.verdict === "deny" ? "denied" : "abstained"}
        </St>
        <span>
          {vote.voter}
          {vote.reason && `, “${vote.reason}”`}
        </span>
      </span>
    );
  });
}

export function RunSoFar({ of }: { of: CaseShape }) {
  const { slug } = usePlace().environment;
  const { run } = of;
  const tokens = of.estimate?.tokens;
  const usd = of.estimate?.usd;
  return (
    <Panel
      title="The run so far"
      right={
        <TextLink mono href={runHref(slug, run.run_id)}>
          {shorten(run.run_id, 8, 4)}
        </TextLink>
      }
    >
      <KeyValue
        padded
        items={[
          ...(run.goal ? [{ term: "Goal", value: run.goal }] : []),
          { term: "Status", value: <RunStatus status={run.status as RunState} /> },
          {
            term: "Steps",
            value: (
              <>
                {integer(run.steps)}, {integer(run.tool_calls)} tool calls,{" "}
                <Duration since={run.started_at} form="prose" /> old
              </>
            ),
          },
          { term: "Cost", value: money(run.cost_usd, { run: true }) },
          ...(typeof usd === "number" || typeof tokens === "number"
            ? [
                {
                  term: "This call",
                  value: `about ${[typeof usd === "number" && money(usd, { run: true }), typeof tokens === "number" && `${integer(tokens)} tokens`].filter(Boolean).join(", ")}`,
                },
              ]
            : []),
          { term: "Asked by", value: of.requested_by },
        ]}
      />
    </Panel>
  );
}
