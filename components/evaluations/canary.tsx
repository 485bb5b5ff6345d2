"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconEqual, IconFlask2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CanaryShape, CompareShape, Fact } from "@/lib/evaluations/schema";
import { useOrigin } from "../connect/use-origin";
import { usePlace } from "../frame/place";
import { counted, integer, percent } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { St, Tag } from "../kit/status";
import { ExactTime } from "../kit/time";
import { vars } from "../kit/vars";
import { Problem } from "../runs/problem";
import s from "./canary.module.css";
import { CanaryActs } from "./canary-acts";
import { CanaryForm } from "./canary-form";
import { MustPass, ProbeCells } from "./probes";
import { canariesQuery, compareQuery } from "./queries";
import { canaryCall } from "./snippets";
import { differenceWords, intervalWords, NEEDS_OWNER, valueWords } from "./words";

type Props = { agentId: string; chosen: string | null; onChoose: (slug: string | null) => void };

export function Canary({ agentId, chosen, onChoose }: Props) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const [making, setMaking] = useState(false);
  const origin = useOrigin();
  const list = useQuery(canariesQuery(slug, agentId));
  const allowed = may["readiness.write"] === true;
  const make = (
    <Button
      size="xs"
      leftSection={<IconPlus size={14} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      onClick={() => setMaking(true)}
    >
      New canary
    </Button>
  );
  const form = making && <CanaryForm agentId={agentId} onClose={() => setMaking(false)} onDone={onChoose} />;
  if (list.isError && !list.data)
    return (
      <Problem
        title="The canaries could not be read"
        error={list.error}
        path="GET /api/v1/canaries"
        onRetry={() => void list.refetch()}
      />
    );
  if (!list.data) return <Loading what="canaries" shape="panel" rows={6} />;
  const all = list.data.items;
  const shown = all.find((c) => c.slug === chosen) ?? all[0];
  if (!shown)
    return (
      <Panel title="Canary" right={make}>
        <Empty
          bare
          icon={IconFlask2}
          title={`No canary of ${agentId}`}
          code={canaryCall(origin, agentId)}
          codeLabel="Begin a canary"
        >
          A canary is a new version that takes a small share of the runs beside the one it may replace. Both are shown
          here side by side, with a verdict for each figure, or that there are too few runs to say. Interlock does not
          route runs: whoever does reads <code>percent_traffic</code> of the canary.
        </Empty>
        {form}
      </Panel>
    );
  return (
    <>
      <Compare key={shown.slug} of={shown} more={make} others={all.filter((c) => c !== shown)} onChoose={onChoose} />
      {form}
    </>
  );
}

type CompareProps = {
  of: CanaryShape;
  more: React.ReactNode;
  others: CanaryShape[];
  onChoose: (slug: string | null) => void;
};

function Compare({ of, more, others, onChoose }: CompareProps) {
  const { slug } = usePlace().environment;
  const read = useQuery(compareQuery(slug, of.slug));
  return (
    <Panel
      title={of.ended_at ? "Canary, ended" : of.running ? "Canary" : "Canary, not begun"}
      sub={
        <>
          {of.slug}, since <ExactTime at={of.started_at} />
          {of.ended_at && (
            <>
              {" "}
              to <ExactTime at={of.ended_at} />
            </>
          )}
        </>
      }
      right={
        <>
          <CanaryActs of={of} onGone={() => onChoose(null)} />
          {more}
        </>
      }
    >
      {read.data ? (
        <Compared of={read.data} />
      ) : read.isError ? (
        <Problem
          title="The canary could not be compared"
          error={read.error}
          path={`GET /api/v1/canaries/${of.slug}/compare`}
          onRetry={() => void read.refetch()}
        />
      ) : (
        <Loading what="the comparison" shape="rows" rows={6} />
      )}
      <div className={s.foot}>
        {of.note && <span>“{of.note}”</span>}
        <span>
          Interlock plans and compares; the runs are routed by whoever reads <code>percent_traffic</code> at{" "}
          <code>GET /api/v1/canaries/{of.slug}</code>. Runs that a person or a switch ended are left out.
        </span>
        {read.data && (
          <details>
            <summary>How the verdicts are come to</summary>
            <ul>
              {rulesOf(read.data).map(({ rule, labels }) => (
                <li key={rule}>
                  <b>{labels.join(", ")}.</b> {rule}
                </li>
              ))}
            </ul>
          </details>
        )}
        {others.length > 0 && (
          <span className={s.others}>
            Others:
            {others.map((c) => (
              <button key={c.slug} type="button" onClick={() => onChoose(c.slug)}>
                {c.slug}
                {c.running ? ", under way" : ""}
              </button>
            ))}
          </span>
        )}
      </div>
    </Panel>
  );
}

function rulesOf({ traffic, facts }: CompareShape): { rule: string; labels: string[] }[] {
  const rules = new Map([[traffic.rule, ["Traffic"]]]);
  for (const f of facts) rules.set(f.rule, [...(rules.get(f.rule) ?? []), f.label]);
  return [...rules].map(([rule, labels]) => ({ rule, labels }));
}

function Compared({ of }: { of: CompareShape }) {
  const { canary, runs, traffic, facts, probes } = of;
  const seen = (share: number | null) => (share === null ? "" : `, ${percent(share)} seen`);
  const last = probes.canary.filter((c) => c.state !== "pass").length;
  return (
    <>
      <table className={s.table} aria-label={`Canary ${canary.slug}`}>
        <thead>
          <tr>
            <th scope="col">Traffic</th>
            <th scope="col">
              <b>{canary.baseline_version}</b>
              <span className={s.meta}>
                {percent(1 - traffic.planned)} planned{seen(traffic.seen === null ? null : 1 - traffic.seen)},{" "}
                {counted(runs.baseline, "run")}
              </span>
            </th>
            <th scope="col">
              <b>
                {canary.canary_version} <Tag tone="pause">canary</Tag>
              </b>
              <span className={s.meta}>
                {percent(traffic.planned)} planned{seen(traffic.seen)}, {counted(runs.canary, "run")}
              </span>
            </th>
            <th scope="col">
              <span
                className={s.share}
                style={vars({ "--a": `${(1 - (traffic.seen ?? traffic.planned)) * 100}%` })}
                aria-hidden
              >
                <i />
                <i />
              </span>
              <span className={s.meta}>{traffic.verdict}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {facts.map((f) => (
            <FactRow key={f.key} of={f} />
          ))}
          <tr>
            <th scope="row">Probes, last {integer(10)}</th>
            <td>
              <span className={s.probes}>
                <ProbeCells cells={probes.baseline} of={canary.baseline_version} />
              </span>
            </td>
            <td>
              <span className={s.probes}>
                <ProbeCells cells={probes.canary} of={canary.canary_version} />
              </span>
            </td>
            <td>
              {probes.canary.length === 0 ? (
                <span className={s.few}>too few to say</span>
              ) : last > 0 ? (
                <St tone="bad" icon={<IconAlertTriangle size={14} aria-hidden />}>
                  {last} of {probes.canary.length} did not pass
                </St>
              ) : (
                <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
                  all pass
                </St>
              )}
            </td>
          </tr>
        </tbody>
      </table>
      {probes.must_pass.length > 0 && (
        <>
          <h3 className={s.sub}>Before its full roll-out {canary.canary_version} passes</h3>
          <MustPass items={probes.must_pass} label={`Probes that ${canary.canary_version} must pass`} />
        </>
      )}
    </>
  );
}

function FactRow({ of }: { of: Fact }) {
  const side = (which: "baseline" | "canary") => {
    const interval = intervalWords(of.unit, of[which]);
    return (
      <td>
        {valueWords(of.unit, of[which].value)}
        {interval && (
          <span className={s.meta} title="95 % interval">
            {interval}
          </span>
        )}
      </td>
    );
  };
  return (
    <tr>
      <th scope="row">{of.label}</th>
      {side("baseline")}
      {side("canary")}
      <td>
        <VerdictWords of={of} />
      </td>
    </tr>
  );
}

function VerdictWords({ of }: { of: Fact }) {
  const by = differenceWords(of);
  const said = by ? `${by}, ${of.verdict}` : of.verdict;
  switch (of.verdict) {
    case "too few to say":
      return <span className={s.few}>too few to say</span>;
    case "no difference seen":
      return (
        <St tone="quiet" icon={<IconEqual size={14} aria-hidden />}>
          {of.verdict}
        </St>
      );
    case "better":
      return (
        <St tone="good" icon={<IconCircleCheck size={14} aria-hidden />}>
          {said}
        </St>
      );
    case "worse":
      return (
        <St tone="bad" icon={<IconAlertTriangle size={14} aria-hidden />}>
          {said}
        </St>
      );
  }
}
