"use client";

import { Button } from "@mantine/core";
import { IconFlame, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { IncidentCounts, IncidentMetrics } from "@/lib/incidents/schema";
import { usePlace } from "../frame/place";
import { DataTable } from "../kit/data-table";
import { usePageShortcuts } from "../kit/hotkeys";
import { Page, Row } from "../kit/layout";
import { counted, duration } from "../kit/numbers";
import { Figures, PageHead, Panel } from "../kit/panel";
import type { Shortcut } from "../kit/shortcuts";
import { Empty, Loading } from "../kit/states";
import { TextLink } from "../kit/text";
import { useKeys } from "../kit/use-keys";
import { ViewTabs } from "../kit/view-tabs";
import { Problem } from "../runs/problem";
import { incidentColumns } from "./columns";
import { IncidentFilterBar } from "./filters";
import { ByCategory, Gaps } from "./learning";
import { OpenIncident } from "./open";
import { DAYS, incidentCountsQuery, incidentMetricsQuery, incidentsQuery } from "./queries";
import { INCIDENT_VIEWS, type IncidentView, incidentParams } from "./search-params";
import { incidentHref, NEEDS_WRITER } from "./words";

const TABS: Record<IncidentView, string> = { open: "Open", resolved: "Resolved", closed: "Closed", all: "All" };
const KEYS: Shortcut[] = [{ keys: ["n"], label: "Open an incident", group: "This page" }];

export function IncidentsView() {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const router = useRouter();
  const [{ view, ...filters }, setParams] = useQueryStates(incidentParams, { history: "push" });
  const [opening, setOpening] = useState(false);
  const counts = useQuery(incidentCountsQuery(slug)).data;
  const metrics = useQuery(incidentMetricsQuery(slug));
  const read = useInfiniteQuery(incidentsQuery(slug, view, filters));
  const items = read.data?.pages.flatMap((page) => page.items) ?? [];
  const allowed = may["incidents.write"] === true;
  const filtered = Object.values(filters).some(Boolean);
  const total = counts ? counts.open + counts.mitigated + counts.resolved + counts.closed : null;
  usePageShortcuts(KEYS);
  useKeys({ n: () => allowed && setOpening(true) });
  return (
    <Page>
      <PageHead title="Incidents" meta="Who leads, what happened, what it teaches">
        <Button
          variant="filled"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={!allowed}
          title={allowed ? undefined : NEEDS_WRITER}
          onClick={() => setOpening(true)}
        >
          Open an incident…
        </Button>
      </PageHead>
      {read.isError && items.length === 0 ? (
        <Problem
          title="The incidents could not be read"
          error={read.error}
          path="GET /api/v1/incidents"
          onRetry={() => void read.refetch()}
        />
      ) : total === 0 ? (
        <None slug={slug} />
      ) : (
        <>
          {metrics.data && <Summary of={metrics.data} />}
          <Row apart>
            <ViewTabs
              label="Views"
              value={view}
              views={INCIDENT_VIEWS.map((id) => ({ id, label: TABS[id], count: counts && countOf(counts, id) }))}
              onChange={(id) => void setParams({ view: INCIDENT_VIEWS.find((each) => each === id) ?? "open" })}
            />
            <IncidentFilterBar values={filters} onChange={(next) => void setParams(next)} />
          </Row>
          {read.isPending ? (
            <Loading what="the incidents" shape="panel" rows={6} />
          ) : (
            <Panel
              label="Incidents"
              foot={
                read.hasNextPage ? (
                  <Button size="xs" loading={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
                    Older
                  </Button>
                ) : undefined
              }
            >
              <DataTable
                label="Incidents"
                keys
                cards
                columns={incidentColumns(slug)}
                rows={items}
                rowId={(i) => i.incident_id}
                onOpen={(i) => router.push(incidentHref(slug, i.incident_id))}
                empty={filtered ? "No incident of this view fits these filters." : EMPTY[view]}
              />
            </Panel>
          )}
          {metrics.data && metrics.data.gaps.length > 0 && <Gaps of={metrics.data} />}
          {metrics.data && metrics.data.categories.length > 0 && <ByCategory of={metrics.data} />}
        </>
      )}
      {opening && <OpenIncident onClose={() => setOpening(false)} />}
    </Page>
  );
}

const EMPTY: Record<IncidentView, string> = {
  open: "Nothing is open. What was resolved and closed stands in the other views.",
  resolved: "Nothing waits for its lessons: what was resolved is closed.",
  closed: "None was closed yet: it closes once it has taught.",
  all: "None yet.",
};
const countOf = (c: IncidentCounts, view: IncidentView): number =>
  ({
    open: c.open + c.mitigated,
    resolved: c.resolved,
    closed: c.closed,
    all: c.open + c.mitigated + c.resolved + c.closed,
  })[view];

function Summary({ of }: { of: IncidentMetrics }) {
  const spread = (s: IncidentMetrics["to_detect"]) => ({
    value: duration(s.median_s, "prose"),
    note: s.p90_s === null ? "none yet" : `nine in ten within ${duration(s.p90_s, "prose")}`,
  });
  return (
    <Figures
      label={`Incidents of ${DAYS} days`}
      items={[
        { label: `Incidents in ${DAYS} days`, value: of.incidents, note: `${of.open} still open` },
        { label: "Time to detect, median", ...spread(of.to_detect) },
        { label: "Time to stop, median", ...spread(of.to_stop) },
        { label: "Time to resolve, median", ...spread(of.to_resolve) },
        {
          label: "Recurrences",
          value: of.recurrences,
          note: "no rule changed since the one before",
          tone: of.recurrences > 0 ? "warn" : undefined,
        },
        {
          label: "Nobody had named it",
          value: of.unnamed,
          note: counted(of.unnamed, "cause without an entry", "causes without an entry"),
          tone: of.unnamed > 0 ? "warn" : undefined,
        },
      ]}
    />
  );
}

const None = ({ slug }: { slug: string }) => (
  <Empty
    icon={IconFlame}
    title="No incident yet"
    actions={<TextLink href={`/${slug}/alerts`}>Open the alerts</TextLink>}
    code={`curl -X POST $INTERLOCK/api/v1/incidents \\\n  -H "Authorization: Bearer $INTERLOCK_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"title":"triage-bot files twice","severity":"high",\n       "run_ids":["run_…"]}'`}
  >
    An incident has one commander, a timeline made of what happened, and every write of its runs to look at. It closes
    once its entry, its post-mortem, a policy, a rule and a regression case say what was learnt. A rule can open one by
    itself; so can you.
  </Empty>
);
