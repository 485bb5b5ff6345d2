"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { CategoryShape } from "@/lib/detectors/schema";
import { usePlace } from "../frame/place";
import { usePageShortcuts } from "../kit/hotkeys";
import { Page, Row } from "../kit/layout";
import { PageHead } from "../kit/panel";
import type { Shortcut } from "../kit/shortcuts";
import { Loading } from "../kit/states";
import { useKeys } from "../kit/use-keys";
import { ViewTabs } from "../kit/view-tabs";
import { Problem } from "../runs/problem";
import { Catalogue } from "./catalogue";
import { CoverageTab } from "./coverage";
import { Filters } from "./filters";
import { NewEntry } from "./new-entry";
import { catalogueQuery, coverageQuery, failuresQuery } from "./queries";
import { FAILURE_TABS, failuresParams } from "./search-params";
import { Summary } from "./summary";
import { TableTab } from "./table-tab";
import { filtersOf } from "./view-filters";
import { NEEDS_OWNER } from "./words";

const KEYS: Shortcut[] = [{ keys: ["n"], label: "New entry", group: "This page" }];

export function FailuresView() {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const [{ tab, view, ...chips }, setParams] = useQueryStates(failuresParams, { history: "push" });
  const [making, setMaking] = useState(false);
  const allowed = may["failures.write"] === true;
  const read = useQuery(failuresQuery(slug, filtersOf({ ...chips, view })));
  const covered = useQuery(coverageQuery(slug));
  const shipped = useQuery(catalogueQuery(slug));
  usePageShortcuts(KEYS);
  useKeys({ n: () => allowed && shipped.isSuccess && setMaking(true) });
  const failed = read.error ?? covered.error ?? shipped.error;
  const ready = read.data && covered.data && shipped.data;
  const retry = () => {
    for (const each of [read, covered, shipped]) void each.refetch();
  };
  const catalogue = shipped.data?.items ?? [];
  return (
    <Page>
      <PageHead title="Failures" meta="What can go wrong here, how we would know, and who owns it">
        <Button
          variant="filled"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={!allowed || !shipped.data}
          title={allowed ? undefined : NEEDS_OWNER}
          onClick={() => setMaking(true)}
        >
          New entry…
        </Button>
      </PageHead>
      {failed && !ready ? (
        <Problem title="The inventory could not be read" error={failed} path="GET /api/v1/failures" onRetry={retry}>
          Rules judge without this page: alerts still arrive.
        </Problem>
      ) : !ready ? (
        <Loading what="the inventory" shape="panel" rows={10} />
      ) : (
        <>
          {covered.data && <Summary of={covered.data} slug={slug} />}
          <Row apart>
            <ViewTabs
              label="Parts"
              value={tab}
              views={[
                { id: "table", label: "Table", count: covered.data?.entries },
                { id: "coverage", label: "Coverage", count: covered.data?.missing.length || undefined },
                { id: "catalogue", label: "Catalogue", count: catalogue.length },
              ]}
              onChange={(id) => void setParams({ tab: FAILURE_TABS.find((each) => each === id) ?? "table" })}
            />
            {tab === "table" && (covered.data?.entries ?? 0) > 0 && (
              <Filters values={chips} catalogue={catalogue} onChange={(next) => void setParams(next)} />
            )}
          </Row>
          {tab === "table" && covered.data && (
            <TableTab
              {...{ covered: covered.data, catalogue, view }}
              items={read.data?.items ?? []}
              onView={(next) => void setParams({ view: next })}
              onCatalogue={() => void setParams({ tab: "catalogue" })}
            />
          )}
          {tab === "coverage" && covered.data && <CoverageTab of={covered.data} catalogue={catalogue} />}
          {tab === "catalogue" && <CatalogueTab catalogue={catalogue} />}
        </>
      )}
      {making && <NewEntry catalogue={catalogue} onClose={() => setMaking(false)} />}
    </Page>
  );
}

/** Beside the filters of the table: every entry counts as adopted. */
function CatalogueTab({ catalogue }: { catalogue: CategoryShape[] }) {
  const { slug } = usePlace().environment;
  const all = useQuery(failuresQuery(slug));
  if (all.isError && !all.data)
    return <Problem title="The entries could not be read" error={all.error} onRetry={() => void all.refetch()} />;
  if (!all.data) return <Loading what="the entries" shape="panel" />;
  return <Catalogue items={catalogue} entries={all.data.items} />;
}
