import Link from "next/link";
import type { RunShape } from "@/lib/runs/schema";
import type { Column } from "../../kit/data-table";
import { compact, integer, money, shorten } from "../../kit/numbers";
import { Gate, RunOutcome, RunStatus } from "../../kit/status";
import { Cut, Mono } from "../../kit/text";
import { Duration, ExactTime } from "../../kit/time";
import s from "./list.module.css";

export const runHref = (environment: string, runId: string) => `/${environment}/runs/${encodeURIComponent(runId)}`;
const isLive = (run: RunShape) => run.status === "running" || run.status === "waiting";

/** How long it took; counts up while it runs. */
export const RunDuration = ({ run, form }: { run: RunShape; form?: "table" | "prose" }) =>
  run.status === "running" ? (
    <Duration since={run.started_at} form={form} />
  ) : (
    <Duration seconds={run.duration_s} form={form} />
  );

/** What is known of the cost; a tilde where calls without a price are not in it. */
export const RunCost = ({ run, exact }: { run: RunShape; exact?: boolean }) =>
  run.unpriced_calls > 0 ? (
    <span title={`${run.unpriced_calls} model calls have no known price and are not in it`}>
      {run.cost_usd === 0 ? "unpriced" : `≥ ${money(run.cost_usd, { run: exact })}`}
    </span>
  ) : (
    money(run.cost_usd, { run: exact })
  );

export const HIDDEN_AT_FIRST = ["name", "status", "errors", "source", "gate", "attempt", "instance", "env"];

export function runColumns(environment: string): Column<RunShape>[] {
  return [
    {
      id: "started_at",
      header: "Started",
      cell: (r) => <ExactTime at={r.started_at} />,
      dim: true,
      sortable: true,
      card: "fact",
    },
    {
      id: "run_id",
      header: "Run",
      fixed: true,
      card: "title",
      cell: (r) => (
        <Link className={s.link} href={runHref(environment, r.run_id)} title={r.run_id} prefetch={false}>
          {shorten(r.run_id, 4, 6)}
        </Link>
      ),
    },
    {
      id: "outcome",
      header: "Stop reason",
      card: "state",
      cell: (r) => <RunOutcome status={r.status} stopReason={r.stop_reason} />,
    },
    { id: "status", header: "Status", card: "none", cell: (r) => <RunStatus status={r.status} /> },
    {
      id: "agent_id",
      header: "Agent",
      cell: (r) => (
        <Cut className={s.name} title={r.agent_id}>
          {r.agent_id}
        </Cut>
      ),
    },
    {
      id: "task_type",
      header: "Task",
      dim: true,
      cell: (r) => (
        <Cut className={s.name} title={r.task_type}>
          {r.task_type}
        </Cut>
      ),
    },
    { id: "tenant_id", header: "Tenant", dim: true, cell: (r) => r.tenant_id ?? "–" },
    {
      id: "name",
      header: "Goal or name",
      dim: true,
      card: "foot",
      cell: (r) => (
        <Cut className={s.goal} title={r.goal ?? r.name ?? undefined}>
          {r.goal ?? r.name ?? "–"}
        </Cut>
      ),
    },
    { id: "errors", header: "Errors", align: "right", card: "none", cell: (r) => integer(r.errors) },
    { id: "source", header: "Source", dim: true, card: "none", cell: (r) => r.source },
    { id: "gate", header: "Gate", card: "none", cell: (r) => <Gate enforced={r.gate === "enforced"} /> },
    { id: "attempt", header: "Attempt", align: "right", card: "none", cell: (r) => integer(r.attempt) },
    {
      id: "instance",
      header: "Instance",
      dim: true,
      card: "none",
      cell: (r) => (r.instance_id ? <Mono>{r.instance_id}</Mono> : "–"),
    },
    { id: "env", header: "Deployed in", dim: true, card: "none", cell: (r) => r.deployment_env ?? "–" },
    { id: "steps", header: "Steps", align: "right", card: "none", cell: (r) => integer(r.steps) },
    { id: "calls", header: "Calls", align: "right", card: "none", cell: (r) => integer(r.tool_calls) },
    {
      id: "tokens",
      header: "Tokens",
      align: "right",
      card: "none",
      cell: (r) => compact(r.tokens.input + r.tokens.output),
    },
    { id: "cost_usd", header: "Cost", align: "right", sortable: true, cell: (r) => <RunCost run={r} /> },
    {
      id: "duration",
      header: "Duration",
      align: "right",
      cell: (r) => (isLive(r) ? <RunDuration run={r} /> : <Duration seconds={r.duration_s} />),
    },
  ];
}
