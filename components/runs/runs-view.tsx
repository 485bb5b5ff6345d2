"use client";

import { Button } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryState, useQueryStates } from "nuqs";
import { useState } from "react";
import type { RunShape } from "@/lib/runs/schema";
import { usePlace } from "../frame/place";
import { ColumnsMenu } from "../kit/columns-menu";
import { DataTable, Pager } from "../kit/data-table";
import { FilterBar } from "../kit/filter-bar";
import { counted, integer } from "../kit/numbers";
import { PageHead } from "../kit/panel";
import { filterFields, NO_FILTERS } from "./filters";
import { HIDDEN_AT_FIRST, runColumns, runHref } from "./list/columns";
import { ExportMenu } from "./list/export-menu";
import s from "./list/list.module.css";
import { NoRunChosen, NoRuns } from "./list/none";
import { RunPreview } from "./list/preview";
import { useArrivals } from "./list/use-arrivals";
import { RunViews } from "./list/views";
import { Problem } from "./problem";
import { agentNamesQuery, namesQuery, RUN_LIMIT, runCountQuery, runsQuery } from "./queries";
import { type RunFilters, runFilterParams, runSortParam } from "./search-params";

export function RunsView() {
  const { environment } = usePlace();
  const { slug } = environment;
  const router = useRouter();
  const [filters, setFilters] = useQueryStates(runFilterParams, { history: "push" });
  const [sort, setSort] = useQueryState("sort", runSortParam);
  /** Cursors of the pages before this one; the last is this page's. */
  const [cursors, setCursors] = useState<string[]>([]);
  const [counting, setCounting] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [held, setHeld] = useState(false);
  const [hidden, setHidden] = useLocalStorage({ key: "il-run-columns", defaultValue: HIDDEN_AT_FIRST });
  const wide = useMediaQuery("(min-width: 1200px)");
  const cursor = cursors.at(-1) ?? null;
  const runs = useQuery(runsQuery(slug, filters, sort, cursor));
  const count = useQuery(runCountQuery(slug, filters, counting));
  const fields = useFields(slug);

  const scope = JSON.stringify([filters, sort, cursor, runs.isPlaceholderData]);
  const items = runs.data?.items ?? [];
  const { rows, waiting, show } = useArrivals(items, (run) => run.run_id, scope, held && cursor === null);
  const selected = rows.find((run) => run.run_id === chosen) ?? null;
  const columns = runColumns(slug);
  const change = (next: RunFilters) => {
    setCursors([]);
    setChosen(null);
    void setFilters(next);
  };
  const open = (run: RunShape) => router.push(runHref(slug, run.run_id));
  const next = runs.data?.next_cursor ?? null;
  const from = cursors.length * RUN_LIMIT;
  const empty = !runs.isPending && !runs.isError && rows.length === 0;

  return (
    <div className={s.page}>
      <div className={s.head}>
        <PageHead
          title="Runs"
          meta={
            <Total counting={counting} total={count.data} failed={count.isError} onCount={() => setCounting(true)} />
          }
        >
          <ColumnsMenu columns={columns} hidden={hidden} onChange={setHidden} />
          <ExportMenu environment={slug} filters={filters} sort={sort} />
        </PageHead>
        <RunViews environment={slug} filters={filters} counting={counting} onChange={change} />
      </div>
      <div className={s.filters}>
        <FilterBar
          filters={fields}
          values={filters}
          onChange={(values) => change({ ...NO_FILTERS, ...values, q: filters.q })}
          search={{
            value: filters.q ?? "",
            placeholder: "Name, goal or error",
            onChange: (q) => change({ ...filters, q: q || null }),
          }}
        />
      </div>
      {runs.isError && (
        <div className={s.problem}>
          <Problem
            title="The runs could not be read"
            error={runs.error}
            path="GET /api/v1/runs"
            onRetry={() => void runs.refetch()}
          />
        </div>
      )}
      <div className={s.body}>
        <div
          className={s.list}
          onPointerEnter={(event) => setHeld(event.pointerType === "mouse")}
          onPointerLeave={() => setHeld(false)}
        >
          {waiting > 0 && (
            <button type="button" className={s.arrived} onClick={show}>
              {counted(waiting, "new run")}: show
            </button>
          )}
          {runs.isError && rows.length === 0 ? null : empty ? (
            <NoRuns filters={filters} onClear={() => change(NO_FILTERS)} />
          ) : (
            <DataTable
              label="Runs"
              dense
              cards
              keys
              fill
              columns={columns}
              rows={rows}
              rowId={(run) => run.run_id}
              loading={runs.isPending || (runs.isPlaceholderData && runs.isFetching)}
              hidden={hidden}
              selectedId={chosen}
              onSelect={wide ? (run) => setChosen(run.run_id) : undefined}
              onOpen={open}
              sort={{ column: sort, direction: "desc" }}
              onSort={({ column }) => {
                setCursors([]);
                void setSort(column === "cost_usd" ? "cost_usd" : "started_at");
              }}
              footer={
                <Pager
                  hint
                  shown={rows.length === 0 ? "No rows" : `Rows ${integer(from + 1)} to ${integer(from + rows.length)}`}
                  busy={runs.isPlaceholderData}
                  onOlder={next ? () => setCursors([...cursors, next]) : undefined}
                  onNewest={cursors.length > 0 ? () => setCursors([]) : undefined}
                />
              }
            />
          )}
        </div>
        {selected ? <RunPreview key={selected.run_id} run={selected} /> : <NoRunChosen />}
      </div>
    </div>
  );
}

/** What has appeared in the environment, as choices of the filters. */
function useFields(environment: string) {
  const agents = useQuery(agentNamesQuery(environment));
  const tasks = useQuery(namesQuery(environment, "task_type"));
  const tenants = useQuery(namesQuery(environment, "tenant"));
  const tools = useQuery(namesQuery(environment, "tool"));
  const names = (query: { data?: { items: { name: string }[] } }) => query.data?.items.map((each) => each.name) ?? [];
  return filterFields({
    agents: agents.data?.items.map((agent) => agent.agent_id) ?? [],
    tasks: names(tasks),
    tenants: names(tenants),
    tools: names(tools),
  });
}

function Total(props: {
  counting: boolean;
  total: { total: number; capped: boolean } | undefined;
  failed: boolean;
  onCount: () => void;
}) {
  const { counting, total, failed, onCount } = props;
  if (!counting || failed)
    return (
      <Button size="xs" variant="subtle" onClick={onCount} title="Counts the runs of every view, up to 10,000 each">
        {failed ? "Count again" : "Count"}
      </Button>
    );
  if (!total) return <span role="status">Counting…</span>;
  return (
    <span role="status">{total.capped ? `more than ${integer(total.total)} runs` : counted(total.total, "run")}</span>
  );
}
