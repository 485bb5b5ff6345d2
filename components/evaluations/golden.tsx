"use client";

import { SegmentedControl } from "@mantine/core";
import { IconCheck, IconFlame, IconQuestionMark, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { GoldenCell, ScoreCardShape } from "@/lib/evaluations/schema";
import { useOrigin } from "../connect/use-origin";
import { usePlace } from "../frame/place";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { StopReason, Tag } from "../kit/status";
import { ExactTime } from "../kit/time";
import { Problem } from "../runs/problem";
import s from "./golden.module.css";
import { scoreCardQuery } from "./queries";
import type { TASK_VIEWS } from "./search-params";
import { goldenCall } from "./snippets";

type TaskView = (typeof TASK_VIEWS)[number];
type Props = { agentId: string; view: TaskView; onView: (view: TaskView) => void };

/** Tasks that are broken on purpose, and what each version ended them with. */
export function Golden({ agentId, view, onView }: Props) {
  const { slug } = usePlace().environment;
  const origin = useOrigin();
  const read = useQuery(scoreCardQuery(slug, agentId));
  if (read.isError && !read.data)
    return (
      <Problem
        title="The golden tasks could not be read"
        error={read.error}
        path="GET /api/v1/chaos-results"
        onRetry={() => void read.refetch()}
      />
    );
  if (!read.data) return <Loading what="golden tasks" shape="panel" rows={6} />;
  const card = read.data;
  const shown = view === "all" ? card.tasks : card.tasks.filter((t) => t.cells.at(-1)?.state !== "pass");
  return (
    <Panel
      title="Golden tasks"
      sub={
        card.tasks.length > 0
          ? `${counted(card.tasks.length, "task")} broken on purpose, expected against actual stop reason`
          : undefined
      }
      right={
        card.tasks.length > 0 && (
          <SegmentedControl
            aria-label="Which tasks"
            value={view}
            onChange={(value) => onView(value === "unexpected" ? "unexpected" : "all")}
            data={[
              { value: "all", label: "All" },
              { value: "unexpected", label: "Not as expected" },
            ]}
          />
        )
      }
    >
      {card.tasks.length === 0 ? (
        <Empty
          bare
          icon={IconFlame}
          title={`No golden task of ${agentId} was run`}
          code={goldenCall(origin, agentId)}
          codeLabel="Report golden tasks"
        >
          A golden task is broken on purpose: a tool that never answers, 429 for a minute, half a JSON, an instruction
          hidden in a page. Each has a stop reason it should end with. Report what it did end with, version by version.
        </Empty>
      ) : shown.length === 0 ? (
        <p className={s.none}>Every task of the newest version ended as expected.</p>
      ) : (
        <ScoreCard card={card} tasks={shown} slug={slug} />
      )}
    </Panel>
  );
}

function ScoreCard({ card, tasks, slug }: { card: ScoreCardShape; tasks: ScoreCardShape["tasks"]; slug: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={s.scroll} aria-label="Golden tasks by version" tabIndex={0}>
      <table className={s.table} aria-label="Golden tasks">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">What is broken</th>
            <th scope="col">Expected</th>
            {card.versions.map((v) => (
              <th key={v.version} scope="col">
                {v.version}, <ExactTime at={v.at} />
                {v.adapter && `, ${v.adapter}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className={s.sums}>
            <th scope="row" colSpan={3}>
              As expected
            </th>
            {card.versions.map((v) => (
              <td key={v.version} data-label={v.version}>
                <b>
                  {v.passed} of {v.passed + v.failed}
                </b>
                {v.not_run > 0 && `, ${v.not_run} not run`}
              </td>
            ))}
          </tr>
          {tasks.map((t) => (
            <tr key={`${t.suite} ${t.task}`}>
              <th scope="row" className={s.task} title={t.suite ? `suite ${t.suite}` : undefined}>
                {t.task}
              </th>
              <td className={s.wide}>{t.broken ?? "–"}</td>
              <td data-label="Expected">
                <StopReason code={t.expected_stop_reason} />
              </td>
              {t.cells.map((cell, n) => (
                <td key={card.versions[n]?.version} data-label={card.versions[n]?.version}>
                  <Cell of={cell} slug={slug} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ of, slug }: { of: GoldenCell; slug: string }) {
  if (of.state === "not run")
    return (
      <Tag tone="warn" hatched icon={<IconQuestionMark size={12} aria-hidden />}>
        not run
      </Tag>
    );
  const bad = of.state === "fail";
  const Icon = bad ? IconX : IconCheck;
  const said = of.actual_stop_reason ? <StopReason code={of.actual_stop_reason} /> : "did not end";
  return (
    <span className={s.got} data-no={bad || undefined} title={bad ? undefined : (of.detail ?? undefined)}>
      <Icon size={14} role="img" aria-label={bad ? "not as expected" : "as expected"} />
      {of.run_id ? (
        <Link className={s.link} href={`/${slug}/runs/${encodeURIComponent(of.run_id)}`}>
          {said}
        </Link>
      ) : (
        said
      )}
      {bad && of.detail && <small>{of.detail}</small>}
    </span>
  );
}
