"use client";

import { Button } from "@mantine/core";
import { IconCoin, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useRef, useState } from "react";
import { BUDGET_SCOPES, type BudgetShape } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { FilterBar } from "../kit/filter-bar";
import type { FilterField } from "../kit/filters";
import { usePageShortcuts } from "../kit/hotkeys";
import { Page, Row } from "../kit/layout";
import { counted } from "../kit/numbers";
import { PageHead, Panel } from "../kit/panel";
import type { Shortcut } from "../kit/shortcuts";
import { Empty, Loading } from "../kit/states";
import { TextLink } from "../kit/text";
import { useKeys } from "../kit/use-keys";
import { ViewTabs } from "../kit/view-tabs";
import { Problem } from "../runs/problem";
import s from "./budgets.module.css";
import { BudgetDetail, NEEDS_CONFIGURE } from "./detail";
import { NewBudget } from "./form";
import { Promises } from "./promises";
import { budgetsQuery } from "./queries";
import { BUDGET_VIEWS, type BudgetView, budgetParams } from "./search-params";
import { BudgetTable, Legend, order } from "./table";
import { isNear, isPromise, isReached, METRIC_WORDS, SCOPE_WORDS } from "./words";

const KEEPS: Record<BudgetView, (b: BudgetShape) => boolean> = { all: () => true, near: isNear, reached: isReached };
const WORDS: Record<BudgetView, string> = { all: "All", near: "Near a limit", reached: "Reached" };
const KEYS: Shortcut[] = [{ keys: ["n"], label: "New budget", group: "This page" }];

export function BudgetsView() {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const [params, setParams] = useQueryStates(budgetParams, { history: "push" });
  const [making, setMaking] = useState(false);
  const read = useQuery(budgetsQuery(slug));
  const all = read.data?.items ?? [];
  const kept = all.filter(
    (each) => (!params.metric || each.metric === params.metric) && (!params.scope || each.scope.kind === params.scope),
  );
  const caps = order(kept.filter((each) => !isPromise(each.metric)));
  const promises = kept.filter((each) => isPromise(each.metric));
  const shown = caps.filter(KEEPS[params.view]);
  const promised = promises.filter(KEEPS[params.view]);
  const chosen = [...shown, ...promised].find((each) => each.slug === params.budget) ?? shown[0] ?? promised[0] ?? null;
  const allowed = may["budgets.write"] === true;
  const detail = useRef<HTMLDivElement>(null);
  const choose = (budget: string) => {
    void setParams({ budget });
    // beside the list there is no room on a phone: what was chosen stands below it
    if (window.matchMedia("(max-width: 720px)").matches) detail.current?.scrollIntoView({ block: "start" });
  };
  const step = (by: 1 | -1) => {
    const at = chosen ? shown.indexOf(chosen) : -1;
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next) void setParams({ budget: next.slug }, { history: "replace" });
  };
  usePageShortcuts(KEYS);
  useKeys({ j: () => step(1), k: () => step(-1), n: () => allowed && setMaking(true) });
  const none = read.isSuccess && all.length === 0;
  const newButton = (
    <Button
      variant="filled"
      leftSection={<IconPlus size={15} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_CONFIGURE}
      onClick={() => setMaking(true)}
    >
      New budget…
    </Button>
  );
  return (
    <Page>
      <PageHead
        title="Budgets"
        meta={
          read.data &&
          `${counted(all.filter((b) => !isPromise(b.metric)).length, "cap")}, ${counted(all.filter((b) => isPromise(b.metric)).length, "error and latency budget")}. Spent + unsettled + held never passes a hard cap.`
        }
      >
        <TextLink href={`/${slug}/settings?tab=prices`}>Prices</TextLink>
        {!none && newButton}
      </PageHead>
      {read.isError && !read.data ? (
        <Problem
          title="The budgets could not be read"
          error={read.error}
          path="GET /api/v1/budgets"
          onRetry={() => void read.refetch()}
        >
          The caps hold without this page: each decision reads them for itself.
        </Problem>
      ) : !read.data ? (
        <Loading what="the budgets" shape="panel" rows={8} />
      ) : (
        <>
          {none ? (
            <Empty icon={IconCoin} title="No budget yet" actions={newButton}>
              A budget says how many dollars, tokens or calls an environment, a tenant, an agent or a task may use in an
              hour, a day or a month. What a call may cost is held before it is made, so that a hard cap is never
              passed. Caps for a single run stand in policies.
            </Empty>
          ) : (
            <Row apart>
              <ViewTabs
                label="Views"
                value={params.view}
                views={BUDGET_VIEWS.map((id) => ({ id, label: WORDS[id], count: kept.filter(KEEPS[id]).length }))}
                onChange={(id) =>
                  void setParams({ view: BUDGET_VIEWS.find((each) => each === id) ?? "all", budget: null })
                }
              />
              <FilterBar
                filters={FIELDS}
                values={{ metric: params.metric, scope: params.scope }}
                onChange={({ metric, scope }) =>
                  void setParams({ metric: metric || null, scope: scope || null, budget: null })
                }
              />
            </Row>
          )}
          {(shown.length > 0 || params.view === "all") && (
            <Panel label="Caps">
              <BudgetTable
                items={shown}
                runCaps={params.view === "all" && !params.metric && !params.scope ? read.data.run_caps : null}
                chosen={chosen?.slug ?? null}
                onChoose={choose}
              />
              <Legend />
            </Panel>
          )}
          {shown.length === 0 && params.view !== "all" && (
            <Panel padded>{params.view === "near" ? "No cap is near its limit." : "No cap is reached."}</Panel>
          )}
          <div ref={detail} className={s.chosen}>
            {chosen && (
              <BudgetDetail key={chosen.slug} slug={chosen.slug} onGone={() => void setParams({ budget: null })} />
            )}
          </div>
          {!none && (params.view === "all" || promised.length > 0) && (
            <Promises items={promised} chosen={chosen?.slug ?? null} onChoose={choose} />
          )}
        </>
      )}
      {making && <NewBudget onClose={() => setMaking(false)} onMade={choose} />}
    </Page>
  );
}

const FIELDS: FilterField[] = [
  {
    key: "metric",
    label: "measure",
    kind: "select",
    single: true,
    options: Object.entries(METRIC_WORDS).map(([value, label]) => ({ value, label })),
  },
  {
    key: "scope",
    label: "scope",
    kind: "select",
    single: true,
    options: BUDGET_SCOPES.map((value) => ({ value, label: SCOPE_WORDS[value].label })),
  },
];
