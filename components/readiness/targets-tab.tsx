"use client";

import { IconTargetArrow } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { usePlace } from "../frame/place";
import { Column, Split } from "../kit/layout";
import { Note } from "../kit/note";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { TextLink } from "../kit/text";
import { Problem } from "../runs/problem";
import { Pictures } from "./pictures";
import type { Targets } from "./queries";
import { TargetOf } from "./target-detail";
import { TargetTable } from "./target-table";

export function TargetsTab(props: {
  read: UseQueryResult<Targets>;
  chosen: string | null;
  onChoose: (slug: string | null) => void;
  make: ReactNode;
}) {
  const { read, chosen, onChoose, make } = props;
  const { slug } = usePlace().environment;
  if (read.isError && !read.data)
    return (
      <Problem
        title="The targets could not be read"
        error={read.error}
        path="GET /api/v1/targets"
        onRetry={() => void read.refetch()}
      >
        They are looked at without this page: an alarm is raised and told all the same.
      </Problem>
    );
  if (!read.data) return <Loading what="the targets" shape="panel" rows={8} />;
  const { items, as_of: asOf } = read.data;
  if (items.length === 0)
    return (
      <Empty icon={IconTargetArrow} title="Which production are we watching?" actions={make}>
        A dashboard can be green for a system that nobody uses any more. A target is an address that users reach, and a
        marker that only this production shows of itself: a header, a word in the page, a value in its JSON. It is
        looked at every few minutes; another marker, or spans that say they come from elsewhere, raise an alarm. Beside
        it stands a picture of the target list that a person has taken.
      </Empty>
    );
  const wrong = items.filter((t) => t.state === "mismatch");
  const one = items.find((t) => t.slug === chosen) ?? wrong[0] ?? items[0];
  return (
    <>
      {wrong[0] && (
        <Note
          tone="bad"
          right={wrong[0].alert_id && <TextLink href={`/${slug}/alerts/${wrong[0].alert_id}`}>Open the alert</TextLink>}
        >
          <b>Watching the wrong production: {wrong.map((t) => t.name).join(", ")}.</b> {wrong[0].why}
        </Note>
      )}
      <Split side={372}>
        <Column>
          <Panel label="Watched targets">
            <TargetTable items={items} none="No target." chosen={one?.slug ?? null} onChoose={onChoose} />
          </Panel>
          {one && <TargetOf key={one.slug} slug={one.slug} onGone={() => onChoose(null)} />}
        </Column>
        <Column>
          <Pictures items={items} all={items} listedAt={asOf} />
        </Column>
      </Split>
    </>
  );
}
