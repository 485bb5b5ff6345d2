"use client";

import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import type { RunShape } from "@/lib/runs/schema";
import { usePlace } from "../../frame/place";
import { CopyId } from "../../kit/copy";
import { K } from "../../kit/kbd";
import { compact, integer, shorten } from "../../kit/numbers";
import { KeyValue } from "../../kit/panel";
import { RunStatus, StopReason, Tag } from "../../kit/status";
import { Dim, Meta, Mono, TextLink } from "../../kit/text";
import { Duration, ExactTime, RelativeTime } from "../../kit/time";
import { spansQuery } from "../queries";
import { callOf, type Turn, turnsOf } from "../timeline/model";
import { RunCost, RunDuration, runHref } from "./columns";
import s from "./list.module.css";
import { similarHref } from "./similar";

/** The chosen run beside the list: enough to know whether to open it. */
export function RunPreview({ run }: { run: RunShape }) {
  const { environment } = usePlace();
  const { slug } = environment;
  return (
    <aside className={s.side} aria-label={`Preview of ${run.run_id}`}>
      <div className={s.sideHead}>
        <div>
          <b className={s.sideId}>
            <CopyId id={run.run_id} name="Run id" head={14} tail={6} />
          </b>
          <span className={s.right}>
            <RunStatus status={run.status} />
          </span>
        </div>
        {run.stop_reason && (
          <div>
            <StopReason code={run.stop_reason} />
            {run.late && <Tag hatched>late</Tag>}
          </div>
        )}
      </div>
      <div className={s.sec}>
        {(run.goal ?? run.name) && <p>{run.goal ?? run.name}</p>}
        <KeyValue
          items={[
            { term: "Agent", value: `${run.agent_id}${run.agent_version ? ` ${run.agent_version}` : ""}` },
            { term: "Task", value: run.task_type },
            ...(run.tenant_id ? [{ term: "Tenant", value: run.tenant_id }] : []),
            {
              term: "Started",
              value: (
                <>
                  <ExactTime at={run.started_at} />, <RelativeTime at={run.started_at} />
                </>
              ),
            },
            ...(run.error?.message ? [{ term: "Error", value: run.error.message }] : []),
          ]}
        />
      </div>
      <div className={s.sec}>
        <dl className={s.nums}>
          <Num label="Steps" value={integer(run.steps)} />
          <Num label="Calls" value={integer(run.tool_calls)} />
          <Num label="Tokens" value={compact(run.tokens.input + run.tokens.output)} />
          <Num label="Cost" value={<RunCost run={run} />} />
          <Num label="Duration" value={<RunDuration run={run} />} />
        </dl>
      </div>
      <Turns run={run} />
      {(run.parent_run_id ?? run.conversation_id) && (
        <div className={s.sec}>
          <h2>Linked</h2>
          <KeyValue
            items={[
              ...(run.parent_run_id
                ? [
                    {
                      term: "Parent run",
                      value: (
                        <TextLink href={runHref(slug, run.parent_run_id)} mono>
                          {shorten(run.parent_run_id, 12, 5)}
                        </TextLink>
                      ),
                    },
                  ]
                : []),
              ...(run.conversation_id
                ? [{ term: "Conversation", value: <CopyId id={run.conversation_id} name="Conversation id" /> }]
                : []),
            ]}
          />
        </div>
      )}
      <div className={s.sideFoot}>
        <Button
          component={Link}
          href={runHref(slug, run.run_id)}
          variant="filled"
          rightSection={
            <span aria-hidden>
              <K>↵</K>
            </span>
          }
        >
          Open run
        </Button>
        <Button component={Link} href={similarHref(slug, run)}>
          Find similar
        </Button>
      </div>
    </aside>
  );
}

const Num = ({ label, value }: { label: string; value: ReactNode }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);

type Fold = { from: Turn; to: Turn; same: boolean };
/** Neighbours that made the same calls stand together from the third on. */
function foldTurns(turns: Turn[]): Fold[] {
  const out: Fold[] = [];
  for (let i = 0; i < turns.length; ) {
    const from = turns[i];
    if (!from) break;
    let j = i + 1;
    while (from.signature !== null && turns[j]?.signature === from.signature) j += 1;
    if (j - i >= 3) out.push({ from, to: turns[j - 1] ?? from, same: true });
    else for (const turn of turns.slice(i, j)) out.push({ from: turn, to: turn, same: false });
    i = j;
  }
  return out;
}

const SHOWN = 12;

function Turns({ run }: { run: RunShape }) {
  const { environment } = usePlace();
  const { data, isPending } = useInfiniteQuery({ ...spansQuery(environment.slug, run.run_id), enabled: run.spans > 0 });
  if (run.spans === 0)
    return (
      <div className={s.sec}>
        <h2>Turns</h2>
        <Meta>No spans were sent for this run.</Meta>
      </div>
    );
  const folds = foldTurns(turnsOf(data?.pages[0]?.items ?? []));
  return (
    <div className={s.sec}>
      <h2>Turns</h2>
      {isPending && <Meta>Reading its spans…</Meta>}
      {data && folds.length === 0 && <Meta>{integer(run.spans)} spans, no model call among them.</Meta>}
      <ol className={s.turns}>
        {folds.slice(0, SHOWN).map((fold) => (
          <li key={fold.from.model.span_id} data-hot={fold.same || undefined}>
            <Dim>{fold.same ? `${fold.from.n}–${fold.to.n}` : fold.from.n}</Dim>
            <TurnWords fold={fold} />
            <span>
              <Duration seconds={(Math.max(fold.to.end, fold.from.end) - fold.from.start) / 1000} />
            </span>
          </li>
        ))}
      </ol>
      {folds.length > SHOWN && <Meta>and {integer(folds.length - SHOWN)} more rows in its timeline</Meta>}
    </div>
  );
}

function TurnWords({ fold }: { fold: Fold }) {
  const { tools, model, rest } = fold.from;
  const first = tools[0];
  const failed = tools.some((tool) => tool.status === "error");
  const denied = rest.some((span) => span.kind === "decision" && span.status === "error");
  const times = fold.to.n - fold.from.n + 1;
  return (
    <span className={s.turn}>
      {first ? <Mono>{first.tool ?? first.name}</Mono> : <Dim>{model.model ?? model.name}</Dim>}
      {fold.same && ` ×${times}, ${first && callOf(first) ? "same arguments" : "the same"}`}
      {!fold.same && tools.length > 1 && ` and ${tools.length - 1} more`}
      {failed && <Tag tone="bad">failed</Tag>}
      {denied && <Tag tone="bad">denied</Tag>}
    </span>
  );
}
