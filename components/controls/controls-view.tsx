"use client";

import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { usePlace } from "../frame/place";
import { Column, Page, Split } from "../kit/layout";
import { duration, integer } from "../kit/numbers";
import { PageHead, Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { Problem } from "../runs/problem";
import { DrillHistory } from "./drills/history";
import { DrillPanel } from "./drills/panel";
import { historyQuery, stateQuery } from "./queries";
import { controlParams } from "./search-params";
import { SetForm } from "./set/set-form";
import { FreshnessPanel } from "./settings-panel";
import { SwitchTable } from "./switch-table";
import { shortRevision } from "./words";

const STALE = { continue: "goes on as before", safe_mode: "goes into safe mode", stop: "stops by itself" } as const;

export function ControlsView() {
  const { slug } = usePlace().environment;
  const [view, setView] = useQueryState("view", controlParams.view.withOptions({ history: "push" }));
  const state = useQuery(stateQuery(slug));
  const { data } = state;
  return (
    <Page>
      <PageHead
        title="Controls"
        meta={
          data && (
            <span title={`Revision ${data.revision}`}>
              Revision {shortRevision(data.revision)}. Agents ask every{" "}
              {duration(data.settings.poll_after_s).replace(".0", "")}. One that cannot for{" "}
              {duration(data.settings.ttl_s, "prose").replace(".0", "")} {STALE[data.settings.on_stale]}.
            </span>
          )
        }
      >
        <Button onClick={() => void setView(view === "set" ? "history" : "set")}>
          {view === "set" ? "Switch history" : "Set a switch"}
        </Button>
      </PageHead>
      {view === "history" ? <History /> : view === "drills" ? <DrillHistory /> : <SetForm />}
      {state.isError && !data && (
        <Problem
          title="The switches could not be read"
          error={state.error}
          path="GET /api/v1/control/state"
          onRetry={() => void state.refetch()}
        />
      )}
      {view === "set" && !data && !state.isError && <Loading what="the switches" shape="panel" rows={3} />}
      {view === "set" && data && (
        <Split side={428}>
          <Column>
            <Panel title="Active switches" sub={integer(data.switches.length)}>
              <SwitchTable label="Active switches" rows={data.switches} />
            </Panel>
          </Column>
          <Column>
            <DrillPanel state={data} />
            <FreshnessPanel state={data} />
          </Column>
        </Split>
      )}
    </Page>
  );
}

function History() {
  const { slug } = usePlace().environment;
  const { data, isPending, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    historyQuery(slug),
  );
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  if (isError && rows.length === 0)
    return (
      <Problem
        title="The history could not be read"
        error={error}
        path="GET /api/v1/switches"
        onRetry={() => void refetch()}
      />
    );
  return (
    <Panel
      title="Switch history"
      sub="newest first"
      foot={
        hasNextPage && (
          <Button size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Older
          </Button>
        )
      }
    >
      <SwitchTable label="Switch history" history loading={isPending} rows={rows} />
    </Panel>
  );
}
