"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { IncidentDetail } from "@/lib/incidents/schema";
import { scoreCardQuery } from "../../evaluations/queries";
import { usePlace } from "../../frame/place";
import { type Check, Checks } from "../../kit/checks";
import { CodeBlock } from "../../kit/code";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { Tag } from "../../kit/status";
import { wordsOf } from "../../runs/problem";
import { regressionHref, regressionQuery } from "../queries";
import s from "./detail.module.css";
import type { OnDo } from "./doing";

/** The golden task that would have caught it, and which versions of the agent pass it. */
export function RegressionPanel({ of, onDo }: { of: IncidentDetail; onDo: OnDo }) {
  const { slug } = usePlace().environment;
  const made = of.regression_case;
  const named = made?.name !== undefined;
  const text = useQuery({ ...regressionQuery(slug, of.incident_id, of.revision), enabled: named });
  return (
    <Panel
      title="Regression case"
      right={
        <>
          {onDo && (
            <Button
              size="xs"
              aria-label={`${made ? "Edit" : "Write it"}: the regression case`}
              onClick={() => onDo({ what: "regression_case" })}
            >
              {made ? "Edit…" : "Write it…"}
            </Button>
          )}
          {named && (
            <Button
              size="xs"
              component="a"
              href={regressionHref(slug, of.incident_id)}
              download
              leftSection={<IconDownload size={13} aria-hidden />}
            >
              Export
            </Button>
          )}
        </>
      }
    >
      {!made ? (
        <p className={s.absent}>
          <Tag tone="warn">empty</Tag> What is broken on purpose, and how a run must end then.
        </p>
      ) : !named ? (
        <p className={s.absent}>None: {made.none}</p>
      ) : text.data ? (
        <CodeBlock flush code={text.data} language="text" label="Regression case" copy={false} />
      ) : text.isError ? (
        <p className={s.absent}>{wordsOf(text.error)}</p>
      ) : (
        <Loading what="the case" shape="rows" rows={5} />
      )}
      {named && of.agent_id && <Passes agent={of.agent_id} task={made.name ?? ""} />}
    </Panel>
  );
}

function Passes({ agent, task }: { agent: string; task: string }) {
  const { environment, may } = usePlace();
  const card = useQuery({
    ...scoreCardQuery(environment.slug, agent),
    enabled: may["evaluations.read"] === true,
    retry: false,
  }).data;
  const found = card?.tasks.find((t) => t.task === task);
  if (!card) return null;
  if (!found) return <p className={s.absent}>The harness has not run it on {agent} yet.</p>;
  const items = card.versions.map((v, n): Check => {
    const cell = found.cells[n];
    const state = cell?.state ?? "not run";
    return {
      id: v.version,
      state: state === "pass" ? "ok" : state === "fail" ? "no" : "open",
      what:
        state === "not run"
          ? `${v.version} has not run it`
          : `${v.version} ${state === "pass" ? "passes" : "fails"} it`,
      why: cell?.actual_stop_reason
        ? `ended with ${cell.actual_stop_reason}, expected ${found.expected_stop_reason}`
        : undefined,
    };
  });
  return <Checks items={items} />;
}
