"use client";

import { IconBell, IconBellCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useRef } from "react";
import { usePlace } from "../frame/place";
import { announce } from "../kit/announce";
import { usePageShortcuts } from "../kit/hotkeys";
import type { Shortcut } from "../kit/shortcuts";
import { Empty, Loading } from "../kit/states";
import { TextLink } from "../kit/text";
import { useKeys } from "../kit/use-keys";
import { Problem } from "../runs/problem";
import { AlertSection } from "./detail/alert";
import { AlertFilterBar } from "./filters";
import { AlertList, ListHead, ListKeys } from "./list";
import l from "./list.module.css";
import { alertCountsQuery, alertsQuery } from "./queries";
import { type AlertView, alertParams } from "./search-params";
import { useChosen } from "./use-chosen";
import v from "./view.module.css";
import { titleOf } from "./words";

const KEYS: Shortcut[] = [
  { keys: ["e"], label: "Acknowledge the alert", group: "This page" },
  { keys: ["r"], label: "To the note", group: "This page" },
];

/** What fired at the left, the chosen one at the right, and its answer at the foot. */
export function AlertsView() {
  const { slug } = usePlace().environment;
  const [{ view, ...filters }, setParams] = useQueryStates(alertParams, { history: "push" });
  const counts = useQuery(alertCountsQuery(slug)).data;
  const read = useInfiniteQuery(alertsQuery(slug, view, filters));
  const items = read.data?.pages.flatMap((page) => page.items) ?? [];
  const ordered =
    view === "historic" ? items : [...items.filter((a) => !a.historic), ...items.filter((a) => a.historic)];
  const chosen = useChosen(
    slug,
    ordered.map((a) => a.alert_id),
  );
  const title = useRef<HTMLHeadingElement>(null);
  usePageShortcuts(KEYS);
  const move = (by: 1 | -1) => {
    const to = ordered.find((a) => a.alert_id === chosen.step(by));
    if (to) announce(titleOf(to));
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
  const filtered = Object.values(filters).some(Boolean);
  const empty = read.isSuccess && !read.isPlaceholderData && items.length === 0;
  return (
    <div className={v.page} data-named={chosen.named || undefined} data-empty={(empty && !chosen.named) || undefined}>
      <section className={l.list} aria-label="Alerts">
        <div className={l.head}>
          <ListHead view={view} counts={counts} onView={(next) => void setParams({ view: next })} />
          {(filtered || items.length > 0) && (
            <AlertFilterBar values={filters} onChange={(next) => void setParams(next)} />
          )}
        </div>
        <div className={l.rows}>
          {read.isPending && <Loading what="the alerts" shape="rows" rows={6} />}
          {read.isError && items.length === 0 && (
            <Problem
              title="The alerts could not be read"
              error={read.error}
              path="GET /api/v1/alerts"
              onRetry={() => void read.refetch()}
            />
          )}
          {empty && filtered && <p className={v.none}>No alert of this view fits these filters.</p>}
          <AlertList
            items={items}
            view={view}
            chosen={chosen.id}
            onOpen={(id) => chosen.go(id, chosen.named ? "replace" : "push")}
            onMore={read.hasNextPage ? () => void read.fetchNextPage() : undefined}
            busy={read.isFetchingNextPage}
          />
        </div>
        <div className={l.keys}>
          <ListKeys />
        </div>
      </section>
      {chosen.id !== null ? (
        <AlertSection
          key={chosen.id}
          id={chosen.id}
          title={title}
          place={{ at: chosen.place, of: ordered.length }}
          onList={() => chosen.go(null)}
          onNext={() => move(1)}
        />
      ) : (
        <div className={v.alone}>{empty && !filtered && <NoAlert view={view} slug={slug} />}</div>
      )}
    </div>
  );
}

function NoAlert({ view, slug }: { view: AlertView; slug: string }) {
  if (view === "open")
    return (
      <Empty
        icon={IconBellCheck}
        title="No alert is open"
        actions={<TextLink href={`/${slug}/failures`}>See what is watched</TextLink>}
      >
        Rules look at every run within seconds. One that fires stands here with its value, the spans that show it, and
        what was done. That nothing is open is no proof that nothing happens: the inventory says what no rule sees.
      </Empty>
    );
  if (view === "historic")
    return (
      <Empty icon={IconBell} title="Nothing came late">
        What is older than an hour when it arrives still raises its alert, here: nobody is told and nothing is done.
      </Empty>
    );
  return (
    <Empty icon={IconBell} title={view === "acknowledged" ? "Nobody looks at one now" : "None was resolved yet"}>
      {view === "acknowledged"
        ? "An alert that somebody has taken stands here, with their name, until it is resolved."
        : "What is over stands here: who resolved it, when and why. The next time is an alert of its own."}
    </Empty>
  );
}
