"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryState } from "nuqs";
import { useState } from "react";
import type { DrillShape, StateShape } from "@/lib/controls/schema";
import { usePlace } from "../../frame/place";
import { Row } from "../../kit/layout";
import { Note } from "../../kit/note";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { TextLink } from "../../kit/text";
import { ExactTime, RelativeTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { drillsQuery, LAST_PROVEN, RECENT_DRILLS } from "../queries";
import { controlParams } from "../search-params";
import { Bars } from "./bars";
import s from "./drills.module.css";
import { RunDrill } from "./run";
import { Running } from "./running";
import { ScheduleForm } from "./schedule";
import { howFast, scheduleWords } from "./words";

/** That the switch works, shown: when it was last proven, by whom, and how fast the slowest was. */
export function DrillPanel({ state }: { state: StateShape }) {
  const { environment, may } = usePlace();
  const { slug } = environment;
  const recent = useQuery(drillsQuery(slug, RECENT_DRILLS));
  const proven = useQuery(drillsQuery(slug, LAST_PROVEN));
  const [asked, setAsked] = useQueryState("drill", controlParams.drill.withOptions({ history: "push" }));
  const allowed = may["control.set"] === true;
  const items = recent.data?.items;
  if (recent.isError && !items)
    return (
      <Problem
        title="The drills could not be read"
        error={recent.error}
        path="GET /api/v1/drills"
        onRetry={() => void recent.refetch()}
      />
    );
  return (
    <Panel
      title="Drill"
      sub={state.drill ? `stops ${state.drill.agent_id} for real` : "stops one agent for real"}
      right={
        <Button
          size="xs"
          disabled={!allowed}
          title={allowed ? undefined : "It needs the role operator or admin here."}
          onClick={() => void setAsked("")}
        >
          Run a drill…
        </Button>
      }
      foot={<Schedule state={state} />}
    >
      {items ? (
        <>
          {items
            .filter((each) => each.outcome === "running")
            .map((each) => (
              <Running key={each.drill_id} drill={each} />
            ))}
          <Proven last={proven.data?.items[0]} recent={items} />
        </>
      ) : (
        <Loading what="the drills" shape="rows" rows={3} />
      )}
      {allowed && asked !== null && <RunDrill agentId={asked} onClose={() => void setAsked(null)} />}
    </Panel>
  );
}

function Proven({ last, recent }: { last: DrillShape | undefined; recent: DrillShape[] }) {
  const { slug } = usePlace().environment;
  const newest = recent.find((each) => each.outcome !== "running");
  return (
    <>
      <div className={s.top}>
        <div>
          <div className={s.meta}>Last proven</div>
          <div className={s.when}>{last ? <RelativeTime at={last.started_at} /> : "never"}</div>
          <p className={s.meta}>
            {last ? (
              <>
                <TextLink href={`/${slug}/controls/${last.switch_id ?? ""}`}>{last.agent_id}</TextLink>,{" "}
                <ExactTime at={last.started_at} />, by {last.started_by}: {howFast(last)}.
              </>
            ) : (
              "A switch that nobody has tried may be disarmed. A drill stops one agent, sees who obeys, and releases it."
            )}
          </p>
        </div>
        <Bars drills={recent} />
      </div>
      {newest?.outcome === "failed" && (
        <Note tone="warn" flat>
          The newest drill, of {newest.agent_id}, failed <RelativeTime at={newest.started_at} />. {newest.detail}
        </Note>
      )}
      {recent.length > 0 && (
        <p className={s.all}>
          <Link href={`/${slug}/controls?view=drills`}>All drills</Link>
        </p>
      )}
    </>
  );
}

function Schedule({ state }: { state: StateShape }) {
  const { may } = usePlace();
  const [open, setOpen] = useState(false);
  const allowed = may["control.configure"] === true;
  const { drill } = state;
  return (
    <Row apart>
      <span className={s.meta}>
        {drill ? (
          <>
            {drill.agent_id}, {scheduleWords(drill)}, next <RelativeTime at={drill.next_at} />
          </>
        ) : (
          "Not on schedule."
        )}
        {!allowed && " Changing it needs the role policy admin or admin here."}
      </span>
      {allowed && (
        <Button size="xs" onClick={() => setOpen(true)}>
          Schedule…
        </Button>
      )}
      {open && <ScheduleForm of={drill} onClose={() => setOpen(false)} />}
    </Row>
  );
}
