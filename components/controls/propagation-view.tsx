"use client";

import { useQuery } from "@tanstack/react-query";
import type { PropagationShape } from "@/lib/controls/schema";
import { usePlace } from "../frame/place";
import { Column, Page, Split } from "../kit/layout";
import { KeyValue, Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { ExactTime, RelativeTime } from "../kit/time";
import { Problem } from "../runs/problem";
import { Hero } from "./propagation/hero";
import { HowFast } from "./propagation/how-fast";
import { Instances, Lost } from "./propagation/instances";
import { Outstanding, Unconfirmable } from "./propagation/runs";
import { propagationQuery } from "./queries";
import { Release } from "./release";
import { mayMoveSoon } from "./words";

/** Two seconds while something can still move; else the events and a slow look are enough. */
const paceOf = (data: PropagationShape | undefined): number => (data && mayMoveSoon(data) ? 2_000 : 15_000);

export function PropagationView({ switchId }: { switchId: string }) {
  const { slug } = usePlace().environment;
  const query = useQuery({
    ...propagationQuery(slug, switchId),
    refetchInterval: ({ state }) => paceOf(state.data),
  });
  const { data } = query;
  if (!data)
    return query.isError ? (
      <Page>
        <Problem
          title="Who obeyed could not be read"
          error={query.error}
          path="GET /api/v1/switches/{id}/propagation"
          onRetry={() => void query.refetch()}
        >
          The switch itself is on: it does not wait for this page.
        </Problem>
      </Page>
    ) : (
      <Loading what="who obeyed" />
    );
  return (
    <Page>
      <Hero data={data} failing={query.isError} />
      <Split side={428}>
        <Column>
          <Outstanding data={data} />
          <Instances data={data} />
        </Column>
        <Column>
          <HowFast data={data} />
          <Lost data={data} />
          <Unconfirmable data={data} />
          <ReleasePanel data={data} />
        </Column>
      </Split>
    </Page>
  );
}

function ReleasePanel({ data }: { data: PropagationShape }) {
  const set = data.switch;
  if (set.released_at)
    return (
      <Panel title="Released" padded>
        <KeyValue
          items={[
            { term: "When", value: <ExactTime at={set.released_at} full /> },
            { term: "By", value: set.released_by ?? "it lapsed by itself" },
            ...(set.release_reason ? [{ term: "Reason", value: set.release_reason }] : []),
          ]}
        />
      </Panel>
    );
  return (
    <Panel title="Release" sub="needs a reason" right={<Release set={set} big />} padded>
      <KeyValue
        items={[
          set.due_at
            ? { term: "Look again", value: <RelativeTime at={set.due_at} /> }
            : {
                term: "Until",
                value: set.expires_at ? <RelativeTime at={set.expires_at} /> : "a person releases it",
              },
          {
            term: "Then",
            value:
              set.mode === "stop"
                ? "new runs may start; those that were stopped stay ended"
                : "runs go on where they are",
          },
        ]}
      />
    </Panel>
  );
}
