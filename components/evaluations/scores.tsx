"use client";

import { SegmentedControl } from "@mantine/core";
import { IconAlertCircle, IconChartLine, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { SummaryShape } from "@/lib/evaluations/schema";
import { useOrigin } from "../connect/use-origin";
import { usePlace } from "../frame/place";
import { counted, percent } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { St } from "../kit/status";
import { effectiveQuery } from "../policies/queries";
import { Problem } from "../runs/problem";
import { summaryQuery } from "./queries";
import { ScoreChart } from "./score-chart";
import { outputOf, spanOf, type Threshold, thresholdOf, versionsOf } from "./score-model";
import s from "./scores.module.css";
import { DAYS } from "./search-params";
import { scoreCall } from "./snippets";

type Days = (typeof DAYS)[number];

export function Scores(props: { agentId: string; days: Days; onDays: (days: Days) => void }) {
  const { agentId, days, onDays } = props;
  const { slug } = usePlace().environment;
  const origin = useOrigin();
  const read = useQuery(summaryQuery(slug, agentId, days));
  const policy = useQuery(effectiveQuery(slug, { agent_id: agentId, task_type: null, tenant_id: null }));
  if (read.isError && !read.data)
    return (
      <Problem
        title="The scores could not be read"
        error={read.error}
        path="GET /api/v1/evaluations/summary"
        onRetry={() => void read.refetch()}
      />
    );
  if (!read.data) return <Loading what="scores" shape="panel" rows={5} />;
  const versions = versionsOf(read.data.days);
  const looks = new Map(versions.map((v, n) => [v, versions.length - 1 - n]));
  return (
    <Panel
      title="Scores over time"
      sub="mean a day, in UTC, by version"
      right={
        <>
          {versions.length > 0 && (
            <ul className={s.legend} aria-label="Versions">
              {versions.map((v) => (
                <li key={v ?? ""} data-look={looks.get(v)}>
                  <i aria-hidden />
                  {v ?? "no version"}
                </li>
              ))}
            </ul>
          )}
          <SegmentedControl
            aria-label="How far back"
            value={String(days)}
            onChange={(value) => onDays(DAYS.find((d) => String(d) === value) ?? 30)}
            data={DAYS.map((d) => ({ value: String(d), label: `${d} days` }))}
          />
        </>
      }
    >
      {read.data.items.length === 0 ? (
        <Empty
          bare
          icon={IconChartLine}
          title={`No score of ${agentId} in ${days} days`}
          code={scoreCall(origin)}
          codeLabel="Send a score"
        >
          A score says how good one answer was: relevance, grounding, calibration. Scores catch the wrong answers that
          return HTTP 200. Send the first one; a rule over <code>eval_score</code> or a policy&#39;s <code>output</code>{" "}
          makes its threshold count.
        </Empty>
      ) : (
        <Charts agentId={agentId} summary={read.data} looks={looks} output={outputOf(policy.data?.lines ?? [])} />
      )}
    </Panel>
  );
}

function Charts(props: {
  agentId: string;
  summary: SummaryShape;
  looks: Map<string | null, number>;
  output: Record<string, number>;
}) {
  const { agentId, summary, looks, output } = props;
  const names = [...new Set(summary.items.map((i) => i.name))].sort();
  const span = spanOf(summary.days, summary.from, summary.to);
  return (
    <div className={s.charts}>
      {names.map((name) => {
        const days = summary.days.filter((d) => d.name === name);
        const lines = [...looks]
          .map(([version, look]) => ({ version, look, days: days.filter((d) => d.agent_version === version) }))
          .filter((l) => l.days.length > 0);
        const threshold = thresholdOf(name, agentId, summary, output);
        const newest = lines.at(-1)?.days.at(-1);
        const items = summary.items.filter((i) => i.name === name);
        const of = items.find((i) => i.agent_version === newest?.agent_version);
        return (
          <div key={name}>
            <h3>
              {name}
              {newest && <Held value={newest.mean} threshold={threshold} />}
            </h3>
            <ScoreChart name={name} lines={lines} span={span} threshold={threshold} />
            {of && (
              <p className={s.facts}>
                {of.agent_version ?? "no version"}: {counted(of.count, "score")}, mean {of.mean.toFixed(2)}, one in ten
                at most {of.p10.toFixed(2)}
                {of.share_passed !== null && `, ${percent(of.share_passed)} passed`}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}

function Held({ value, threshold }: { value: number; threshold: Threshold | null }) {
  if (!threshold) return <St tone="quiet">{value.toFixed(2)}, no threshold</St>;
  const below = value < threshold.value;
  const Icon = below ? IconAlertCircle : IconCircleCheck;
  return (
    <St tone={below ? "bad" : "quiet"} icon={<Icon size={14} aria-hidden />} title={`Threshold of ${threshold.from}`}>
      {value.toFixed(2)}, {below ? "below" : value > threshold.value ? "above" : "at"} {threshold.value.toFixed(2)}
    </St>
  );
}
