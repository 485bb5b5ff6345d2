"use client";

import { usePlace } from "../frame/place";
import { Column, Page, Split } from "../kit/layout";
import { PageHead } from "../kit/panel";
import { placeName } from "../overview/place-name";
import { Checklist } from "./checklist";
import s from "./connect.module.css";
import { Arrived, Connected, Next } from "./connected";
import { SnippetsPanel, useMakeKey } from "./snippets-panel";
import { useConnection } from "./use-connection";

/** The last step of the first visit: a key, the snippets, and a list that ticks itself. `origin` is this server's address. */
export function Connect({ origin }: { origin: string }) {
  const { environment } = usePlace();
  const connection = useConnection();
  const make = useMakeKey();
  const { newest, first, onlyTest } = connection;
  if (newest && !onlyTest)
    return (
      <Page>
        <div className={s.wrap}>
          <Connected connection={connection} />
          <Split side={340}>
            <Column>
              <Arrived runs={connection.runs} />
            </Column>
            <Checklist connection={connection} connected />
          </Split>
          <Next agentId={(first ?? newest).agent_id} />
          <SnippetsPanel origin={origin} make={make} title="Connect another agent" />
        </div>
      </Page>
    );
  return (
    <Page>
      <div className={s.wrap}>
        {onlyTest && <Connected connection={connection} />}
        <div>
          <PageHead title={`Connect the first agent to ${placeName(environment)}`} />
          <p className={s.lead}>
            Traces need three variables. To be asked, and to be stopped, an agent makes three calls: open, look, finish.
          </p>
        </div>
        <Split side={340}>
          <SnippetsPanel origin={origin} make={make} />
          <Checklist connection={connection} connected={false} />
        </Split>
      </div>
    </Page>
  );
}
