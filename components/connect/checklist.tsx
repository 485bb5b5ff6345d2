"use client";

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { api } from "../api";
import { usePlace } from "../frame/place";
import { type Check, Checks } from "../kit/checks";
import { Row } from "../kit/layout";
import { notify } from "../kit/notify";
import { counted, shorten } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Waiting } from "../kit/success";
import { Meta } from "../kit/text";
import { Duration, RelativeTime } from "../kit/time";
import { detailOf } from "../runs/problem";
import s from "./connect.module.css";
import { TEST_AGENT } from "./queries";
import type { Connection } from "./use-connection";

function checks({ ready, keyUsed, keys, newest, onlyTest, asking }: Connection): Check[] {
  return [
    {
      id: "ready",
      state: ready ? "ok" : ready === null ? "no" : "open",
      what: "Address answers",
      why: ready
        ? `/api/ready, database in ${ready.ms} ms`
        : ready === null
          ? "/api/ready says no"
          : "asking /api/ready",
    },
    {
      id: "key",
      state: keyUsed ? "ok" : "open",
      what: "Key seen",
      why: keyUsed ? (
        <>
          “{keyUsed.name}”, <RelativeTime at={keyUsed.last_used_at} />
        </>
      ) : keys > 0 ? (
        `${counted(keys, "active key")}, none used yet`
      ) : (
        "no key yet"
      ),
    },
    {
      id: "run",
      state: newest ? "ok" : "open",
      what: onlyTest ? "Test span" : "First run or span",
      why: newest ? `${newest.agent_id}, ${shorten(newest.run_id, 12)}` : "nothing yet",
    },
    {
      id: "control",
      state: asking.length > 0 ? "ok" : newest && !onlyTest ? "warn" : "open",
      what: "Asks for control state",
      why:
        asking.length > 0
          ? `${counted(
              asking.reduce((sum, agent) => sum + agent.instances, 0),
              "instance",
            )} of ${asking[0]?.agent_id}${asking.length > 1 ? ` and ${asking.length - 1} more` : ""}: can be stopped`
          : "then it can be stopped between its runs",
    },
  ];
}

/** The steps of a connection, each ticked as soon as it is heard of. */
export function Checklist({ connection, connected }: { connection: Connection; connected: boolean }) {
  const { environment, may } = usePlace();
  const [since] = useState(() => Date.now());
  const allowed = may["keys.write"] === true;
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => sendTestSpan(environment.slug),
    onSuccess: () => client.invalidateQueries({ queryKey: [environment.slug, "runs"] }),
    onError: (error) => notify({ tone: "bad", title: "The test span was not taken", message: detailOf(error) }),
  });
  return (
    <Panel title={connected ? "Now it is safe to say" : undefined} label="Steps of the connection">
      {!connected && (
        <Waiting title="Waiting for the first run">
          Listening for <Duration since={since} form="prose" />. This page turns green by itself. You can leave it.
        </Waiting>
      )}
      <Checks items={checks(connection)} live />
      {!connected && (
        <div className={s.acts}>
          <Row>
            <Button
              disabled={!allowed}
              title={allowed ? undefined : "It needs the role admin"}
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              Send a test span
            </Button>
            <Button component={Link} href={`/${environment.slug}/overview`} variant="subtle" color="gray">
              Skip
            </Button>
          </Row>
          <Meta>A test span shows that the way is open. It comes from agent “{TEST_AGENT}”.</Meta>
        </div>
      )}
    </Panel>
  );
}

async function sendTestSpan(environment: string): Promise<void> {
  const id = crypto.getRandomValues(new Uint32Array(2)).join("");
  const now = Date.now();
  await api(environment).post("/spans", {
    run_id: `test-${id}`,
    agent_id: TEST_AGENT,
    task_type: "test",
    spans: [
      {
        span_id: `span-${id}`,
        kind: "agent",
        name: "Test span from the console",
        status: "ok",
        started_at: new Date(now - 200).toISOString(),
        ended_at: new Date(now).toISOString(),
      },
    ],
  });
}
