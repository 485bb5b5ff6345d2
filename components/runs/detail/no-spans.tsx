"use client";

import { IconTimelineEventX } from "@tabler/icons-react";
import type { RunShape } from "@/lib/runs/schema";
import { Empty } from "../../kit/states";
import s from "./detail.module.css";

const call = (run: RunShape) => `curl -X POST $INTERLOCK/api/v1/spans \\
  -H "Authorization: Bearer $INTERLOCK_KEY" \\
  -H "content-type: application/json" \\
  -d '{"run_id":"${run.run_id}","request_id":"s-1","spans":[
    {"kind":"tool","name":"search.read",
     "tool":"search.read","args":{"q":"…"}}]}'`;

export function NoSpans({ run }: { run: RunShape }) {
  const live = run.status === "running" || run.status === "waiting";
  return (
    <div className={s.alone}>
      <Empty
        icon={IconTimelineEventX}
        title={live ? "No span has arrived yet" : "This run sent no spans"}
        code={call(run)}
      >
        {live
          ? "The run is open and its lease holds, but it has not told what it does. The first span appears here by itself."
          : "When it started, how it ended and what it cost is known; what it did in between is not. Spans may still be sent: they are added to the run they name."}
      </Empty>
    </div>
  );
}
