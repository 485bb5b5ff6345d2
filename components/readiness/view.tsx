"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { usePlace } from "../frame/place";
import { usePageShortcuts } from "../kit/hotkeys";
import { Page } from "../kit/layout";
import { PageHead } from "../kit/panel";
import type { Shortcut } from "../kit/shortcuts";
import { NotAllowed } from "../kit/states";
import { useKeys } from "../kit/use-keys";
import { ViewTabs } from "../kit/view-tabs";
import { Agents } from "./agents";
import { gatesQuery, targetsQuery } from "./queries";
import { READINESS_TABS, readinessParams } from "./search-params";
import { TargetForm } from "./target-form";
import { TargetsTab } from "./targets-tab";
import { LEAST, NEEDS_OWNER } from "./words";

const KEYS: Shortcut[] = [{ keys: ["n"], label: "New target", group: "This page" }];

export function ReadinessView() {
  const { environment, may } = usePlace();
  if (may["readiness.read"] === true) return <Allowed />;
  return (
    <Page>
      <PageHead title="Readiness" />
      <NotAllowed what="read the launch gate" role={LEAST} environment={environment.name} />
    </Page>
  );
}

function Allowed() {
  const { environment, may } = usePlace();
  const [params, setParams] = useQueryStates(readinessParams, { history: "push" });
  const [making, setMaking] = useState(false);
  const agents = useQuery(gatesQuery(environment.slug, params.cursor));
  const targets = useQuery(targetsQuery(environment.slug));
  const allowed = may["readiness.write"] === true;
  usePageShortcuts(KEYS);
  useKeys({ n: () => allowed && setMaking(true) });
  const make = (
    <Button
      variant="filled"
      leftSection={<IconPlus size={15} aria-hidden />}
      disabled={!allowed}
      title={allowed ? undefined : NEEDS_OWNER}
      onClick={() => setMaking(true)}
    >
      New target…
    </Button>
  );
  return (
    <Page>
      <PageHead title="Readiness" meta="Computed from evidence; nobody sets it by hand.">
        {params.tab === "targets" && (targets.data?.items.length ?? 0) > 0 && make}
      </PageHead>
      <ViewTabs
        label="Parts"
        value={params.tab}
        views={[
          {
            id: "agents",
            label: "Agents",
            count: agents.data && !agents.data.next_cursor ? agents.data.items.length : undefined,
          },
          { id: "targets", label: "Watched targets", count: targets.data?.items.length },
        ]}
        onChange={(id) => void setParams({ tab: READINESS_TABS.find((t) => t === id) ?? "agents", cursor: null })}
      />
      {params.tab === "agents" ? (
        <Agents
          read={agents}
          view={params.view}
          onView={(view) => void setParams({ view })}
          onPage={(cursor) => void setParams({ cursor })}
          paged={params.cursor !== null}
        />
      ) : (
        <TargetsTab
          read={targets}
          chosen={params.target}
          onChoose={(target) => void setParams({ target }, { history: "replace" })}
          make={make}
        />
      )}
      {making && (
        <TargetForm
          onClose={() => setMaking(false)}
          onSaved={(slug) => {
            setMaking(false);
            void setParams({ tab: "targets", target: slug });
          }}
        />
      )}
    </Page>
  );
}
