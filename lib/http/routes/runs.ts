import { look } from "../../controls";
import { type Begun, beginRun, renewHolds } from "../../decisions";
import type { Ctx } from "../../platform/ctx";
import { activity, finish, getRun, getSpan, heartbeat, listPrices, listRuns, listSpans, setPrice } from "../../runs";
import { activityShape, openRunInput, runShape, spanShape } from "../../runs/schema";
import { csv } from "../csv";
import { type Endpoint, Reply, verb } from "../endpoint";

const tag = "runs";
const tells = ["runs"] as const;

const opened = ({ created, owner, attempt, run, lease, result, control, policy, limits }: Begun): Reply =>
  Reply.json(created ? 201 : 200, {
    run_id: run.run_id,
    status: run.status,
    owner,
    attempt,
    lease,
    policy,
    limits,
    control,
    stop_reason: run.stop_reason,
    started_at: run.started_at,
    ended_at: run.ended_at,
    ...(result === null ? {} : { result }),
  });

async function beat(ctx: Ctx, input: Record<string, unknown>) {
  const { run_id, lease } = await heartbeat(ctx, input as never);
  await renewHolds(ctx.environmentId, run_id);
  const instance_id = typeof input.instance_id === "string" ? input.instance_id : undefined;
  const { answer } = await look(ctx, { run_id, instance_id }, null);
  return { control: JSON.parse(answer.body.json), lease };
}

async function list(ctx: Ctx, input: Record<string, unknown>) {
  const page = await listRuns(ctx, input as never);
  if (input.format !== "csv") return page;
  const headers: Record<string, string> = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="runs.csv"',
  };
  if (page.next_cursor) headers["interlock-next-cursor"] = page.next_cursor;
  return new Reply(200, csv(page.items), headers);
}

export const runRoutes: Endpoint[] = [
  {
    method: "post",
    path: "/runs",
    tag,
    summary: "Open a run, or find the one this request has opened",
    input: openRunInput,
    status: 201,
    tells: ["runs", "fleet"],
    run: async (ctx, input) => opened(await beginRun(ctx, input)),
  },
  {
    ...verb(listRuns, { method: "get", path: "/runs", tag, summary: "Runs, newest first", output: runShape }),
    run: list,
  },
  verb(getRun, { method: "get", path: "/runs/{run_id}", tag, summary: "One run", output: runShape }),
  {
    ...verb(heartbeat, { method: "post", path: "/runs/{run_id}/heartbeat", tag, summary: "Keep the lease", tells }),
    run: beat,
  },
  verb(finish, {
    method: "post",
    path: "/runs/{run_id}/finish",
    tag,
    summary: "End a run, one time",
    output: runShape,
    tells: ["runs", "controls"],
  }),
  verb(listSpans, {
    method: "get",
    path: "/runs/{run_id}/spans",
    tag,
    summary: "Its spans, in the order they happened",
    output: spanShape,
  }),
  verb(getSpan, {
    method: "get",
    path: "/runs/{run_id}/spans/{span_id}",
    tag,
    summary: "One span with its attributes",
  }),
  verb(activity, {
    method: "get",
    path: "/activity",
    tag,
    summary: "Runs by stop reason over time",
    output: activityShape,
  }),
  verb(listPrices, { method: "get", path: "/prices", tag, summary: "What model calls cost, and who says so" }),
  verb(setPrice, {
    method: "put",
    path: "/prices/{model}",
    tag,
    summary: "Set the price of a model",
    tells: ["settings", "audit"],
  }),
];
