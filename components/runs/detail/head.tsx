"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import type { RunShape } from "@/lib/runs/schema";
import { AlertsOnRun } from "../../alerts/on-run";
import { usePlace } from "../../frame/place";
import { CopyId } from "../../kit/copy";
import { compact, counted, integer } from "../../kit/numbers";
import { Facts } from "../../kit/panel";
import { Gate, RunStatus, St, Tag } from "../../kit/status";
import { TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { RunCost, RunDuration, runHref } from "../list/columns";
import { similarHref } from "../list/similar";
import s from "./detail.module.css";
import { FirstMoves } from "./first-moves";
import { StopRun } from "./stop-run";
import { WaitingFor } from "./waiting";

const BAD = new Set(["failed", "stopped"]);

export function RunHead({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  const reason = run.stop_reason !== "success" ? run.stop_reason : null;
  return (
    <div className={s.head} data-moves={reason !== null || undefined}>
      <div className={s.about}>
        <nav className={s.crumb} aria-label="Breadcrumb">
          <Link href={`/${slug}/runs`}>Runs</Link>
          <span aria-hidden>/</span>
          <Link href={`/${slug}/runs?agent_id=${encodeURIComponent(run.agent_id)}`}>{run.agent_id}</Link>
        </nav>
        <div className={s.title}>
          <h1>
            <CopyId id={run.run_id} name="Run id" head={22} tail={10} />
          </h1>
          <RunStatus status={run.status} />
          <WaitingFor run={run} />
          {run.stop_reason && run.stop_reason !== "success" && (
            <Tag mono tone={BAD.has(run.status) ? "bad" : "warn"}>
              {run.stop_reason}
            </Tag>
          )}
          {run.late && (
            <Tag hatched tone="warn" title="Its end was told after its lease had ended">
              late
            </Tag>
          )}
          <span className={s.acts}>
            <StopRun run={run} />
            <Button component={Link} href={similarHref(slug, run)}>
              Find similar
            </Button>
          </span>
        </div>
        {(run.goal ?? run.name) && <p className={s.goal}>{run.goal ?? run.name}</p>}
        {run.error && (
          <p className={s.error}>
            <IconAlertTriangle size={15} aria-hidden />
            <span>
              {run.error.type && <b>{run.error.type}: </b>}
              {run.error.message ?? "no message"}
            </span>
          </p>
        )}
        <Facts items={facts(slug, run)} />
        <Origin run={run} />
        <AlertsOnRun runId={run.run_id} />
      </div>
      {reason && <FirstMoves reason={reason} />}
    </div>
  );
}

function facts(slug: string, run: RunShape): { label: string; value: ReactNode }[] {
  const agent = `${run.agent_id}${run.agent_version ? ` ${run.agent_version}` : ""}`;
  return [
    {
      label: "Agent",
      value: (
        <TextLink plain href={`/${slug}/agents/${encodeURIComponent(run.agent_id)}`}>
          {agent}
        </TextLink>
      ),
    },
    { label: "Task", value: run.task_type },
    { label: "Tenant", value: run.tenant_id ?? "–" },
    {
      label: "Started",
      value: (
        <>
          <ExactTime at={run.started_at} /> UTC
        </>
      ),
    },
    { label: "Duration", value: <RunDuration run={run} /> },
    ...(run.attempt > 1 ? [{ label: "Attempt", value: integer(run.attempt) }] : []),
    { label: "Steps", value: integer(run.steps) },
    { label: "Calls", value: integer(run.tool_calls) },
    { label: "Tokens", value: compact(run.tokens.input + run.tokens.output) },
    { label: "Cost", value: <RunCost run={run} exact /> },
  ];
}

/** Where it runs and what it hangs on, in one quiet line. */
function Origin({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  return (
    <ul className={s.origin} aria-label="Origin">
      <li>
        <Gate enforced={run.gate === "enforced"} detail={run.source === "otlp" ? ", by OpenTelemetry" : undefined} />
      </li>
      {run.errors > 0 && (
        <li>
          <St tone="bad" icon={<IconAlertTriangle size={13} aria-hidden />}>
            {counted(run.errors, "error")} in its spans
          </St>
        </li>
      )}
      {run.attempt === 1 && <li>first attempt</li>}
      {run.instance_id && <li>instance {run.instance_id}</li>}
      {run.deployment_env && <li>deployed in {run.deployment_env}</li>}
      {run.parent_run_id && (
        <li>
          child of <TextLink href={runHref(slug, run.parent_run_id)}>{run.parent_run_id}</TextLink>
        </li>
      )}
      {run.lock_key && <li>holds the lock {run.lock_key}</li>}
      {run.unpriced_calls > 0 && (
        <li>
          <St tone="warn" icon={<IconAlertTriangle size={13} aria-hidden />}>
            {counted(run.unpriced_calls, "model call")} without a known price
          </St>
        </li>
      )}
    </ul>
  );
}
