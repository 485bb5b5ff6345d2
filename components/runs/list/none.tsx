"use client";

import { Button } from "@mantine/core";
import { IconFilterOff, IconTimeline } from "@tabler/icons-react";
import { usePlace } from "../../frame/place";
import { K } from "../../kit/kbd";
import { Empty } from "../../kit/states";
import { anyFilter } from "../filters";
import type { RunFilters } from "../search-params";
import s from "./list.module.css";

const CALL = `# open a run, say how it ended
curl -X POST $INTERLOCK/api/v1/runs \\
  -H "Authorization: Bearer $INTERLOCK_KEY" \\
  -H "content-type: application/json" \\
  -d '{"request_id":"req-1","agent_id":"triage-bot",
       "task_type":"ticket-triage"}'
# or send OpenTelemetry as it is
export OTEL_EXPORTER_OTLP_ENDPOINT=$INTERLOCK/api/otel`;

/** Nothing matches, or nothing has ever come: two different things. */
export function NoRuns({ filters, onClear }: { filters: RunFilters; onClear: () => void }) {
  const { environment } = usePlace();
  if (anyFilter(filters))
    return (
      <Empty
        bare
        icon={IconFilterOff}
        title="No run matches these filters"
        actions={<Button onClick={onClear}>Clear all filters</Button>}
      >
        What is filtered stands in the address of this page. Take a filter away, or widen the time.
      </Empty>
    );
  return (
    <div className={s.none}>
      <Empty icon={IconTimeline} title={`No runs in ${environment.name} yet`} code={CALL}>
        A run is one piece of work of one agent: what it did, what it cost, and why it ended. Open the first one, or
        point OpenTelemetry here.
      </Empty>
    </div>
  );
}

export function NoRunChosen() {
  return (
    <aside className={s.side} aria-label="Preview">
      <p className={s.hint}>
        Choose a row to see the run here. <K>j</K> <K>k</K> move, <K>↵</K> opens.
      </p>
    </aside>
  );
}
