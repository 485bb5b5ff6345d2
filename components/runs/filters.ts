import { RUN_STATUSES, STOP_REASONS } from "@/lib/runs/stop-reasons";
import { type FilterField, parseRange, parseTime } from "../kit/filters";
import type { RunFilters, RunSort } from "./search-params";

export type Names = { agents: string[]; tasks: string[]; tenants: string[]; tools: string[] };
const options = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

export const NO_FILTERS: RunFilters = {
  status: null,
  stop_reason: null,
  agent_id: null,
  task_type: null,
  tenant_id: null,
  tool: null,
  cost_usd: null,
  duration_s: null,
  started: null,
  source: null,
  q: null,
};
export const FILTER_KEYS = Object.keys(NO_FILTERS) as (keyof RunFilters)[];

/** The chips of the list; what has appeared in the environment fills their choices. */
export function filterFields(names: Names): FilterField[] {
  return [
    { key: "status", label: "status", kind: "select", options: options(RUN_STATUSES) },
    {
      key: "stop_reason",
      label: "stop_reason",
      kind: "select",
      options: [{ value: "not_success", label: "not success" }, ...options(STOP_REASONS)],
    },
    { key: "agent_id", label: "agent_id", kind: "select", options: options(names.agents) },
    { key: "task_type", label: "task_type", kind: "select", options: options(names.tasks) },
    { key: "tenant_id", label: "tenant_id", kind: "select", options: options(names.tenants) },
    { key: "tool", label: "tool", kind: "select", single: true, options: options(names.tools) },
    { key: "cost_usd", label: "cost_usd", kind: "number", prefix: "$" },
    { key: "duration_s", label: "duration_s", kind: "number", unit: "s" },
    { key: "started", label: "started", kind: "time" },
    { key: "source", label: "source", kind: "select", single: true, options: options(["api", "otlp"]) },
  ];
}

/** What `GET /runs` is asked. A range that does not parse is left out rather than refused. */
export function runListQuery(filters: RunFilters, sort: RunSort, now: number) {
  const cost = parseRange(filters.cost_usd);
  const took = parseRange(filters.duration_s);
  const { from, to } = parseTime(filters.started, now);
  const number = (text: string | undefined) =>
    text !== undefined && Number.isFinite(Number(text)) && Number(text) >= 0 ? text : undefined;
  const iso = (text: string | undefined) =>
    text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
  const given = (text: string | null) => text || undefined;
  const source: "api" | "otlp" | undefined =
    filters.source === "api" || filters.source === "otlp" ? filters.source : undefined;
  return {
    status: given(filters.status),
    stop_reason: given(filters.stop_reason),
    agent_id: given(filters.agent_id),
    task_type: given(filters.task_type),
    tenant_id: given(filters.tenant_id),
    tool: given(filters.tool),
    source,
    q: given(filters.q),
    min_cost_usd: number(cost.min),
    max_cost_usd: number(cost.max),
    min_duration_s: number(took.min),
    max_duration_s: number(took.max),
    from: iso(from),
    to: iso(to),
    sort,
  };
}

export type RunView = { id: string; label: string; filters: Partial<RunFilters> };
export const RUN_VIEWS: RunView[] = [
  { id: "all", label: "All", filters: {} },
  { id: "in-flight", label: "In flight", filters: { status: "running,waiting" } },
  { id: "not-success", label: "Not success", filters: { stop_reason: "not_success" } },
  { id: "loops", label: "Loops", filters: { stop_reason: "loop_detected,no_progress" } },
  { id: "over-1", label: "Over $1.00", filters: { cost_usd: "1.." } },
  { id: "lost", label: "Lost", filters: { status: "lost" } },
];

const entries = (filters: Partial<RunFilters>) =>
  FILTER_KEYS.flatMap((key) => (filters[key] ? [[key, filters[key]] as const] : []));

/** The view that says most of what is filtered; chips beyond it only narrow it. */
export function viewOf(filters: RunFilters, views: RunView[]): string {
  const fits = views.filter((view) => entries(view.filters).every(([key, value]) => filters[key] === value));
  const size = (view: RunView) => entries(view.filters).length;
  const best = fits.reduce(
    (a, b) => (size(b) > size(a) ? b : a),
    RUN_VIEWS[0] ?? fits[0] ?? { id: "all", label: "All", filters: {} },
  );
  return best.id === "all" && FILTER_KEYS.some((key) => key !== "started" && key !== "q" && filters[key])
    ? ""
    : best.id;
}

export const anyFilter = (filters: RunFilters): boolean => FILTER_KEYS.some((key) => Boolean(filters[key]));
/** Only what is set, for keys and for keeping. */
export const setFilters = (filters: RunFilters): Partial<RunFilters> => Object.fromEntries(entries(filters));
