"use client";

import { Button } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import type { CategoryShape } from "@/lib/detectors/schema";
import type { Coverage } from "@/lib/failures/schema";
import { Panel } from "../kit/panel";
import { Empty } from "../kit/states";
import { ViewTabs } from "../kit/view-tabs";
import { FAILURE_VIEWS, type FailureView } from "./search-params";
import { FailureTable } from "./table";

const WORDS: Record<FailureView, string> = {
  all: "All",
  pre_launch: "Pre-launch",
  needs_work: "Needs work",
  blind: "Blind",
};

/** The saved views over the table, and what stands where it is empty. */
export function TableTab(props: {
  covered: Coverage;
  catalogue: CategoryShape[];
  items: Parameters<typeof FailureTable>[0]["items"];
  view: FailureView;
  onView: (view: FailureView) => void;
  onCatalogue: () => void;
}) {
  const { covered, catalogue, items, view, onView, onCatalogue } = props;
  if (covered.entries === 0)
    return (
      <Empty
        icon={IconBook2}
        title="No entry yet"
        actions={
          <Button variant="filled" onClick={onCatalogue}>
            Open the catalogue
          </Button>
        }
      >
        An inventory is written before the first incident: what can go wrong here, the rule that would tell, and the
        person who answers for it. The catalogue has {catalogue.length} failures that agents are known for; one click
        takes one over as expected. Its rules observe from the first run on, also without an entry.
      </Empty>
    );
  const counts: Record<FailureView, number> = {
    all: covered.entries,
    pre_launch: covered.pre_launch,
    needs_work: covered.needs_work,
    blind: covered.states.blind,
  };
  return (
    <>
      <ViewTabs
        label="Views"
        value={view}
        views={FAILURE_VIEWS.map((id) => ({ id, label: WORDS[id], count: counts[id] }))}
        onChange={(id) => onView(FAILURE_VIEWS.find((each) => each === id) ?? "all")}
      />
      {items.length > 0 ? (
        <Panel label="Failures">
          <FailureTable items={items} catalogue={catalogue} />
        </Panel>
      ) : (
        <Panel padded>
          {view === "needs_work"
            ? "Every entry has a rule, an owner, a runbook and its data."
            : view === "blind"
              ? "No entry is blind: the data of every armed rule arrives."
              : "No entry fits these filters."}
        </Panel>
      )}
    </>
  );
}
