"use client";

import { IconChecklist } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { usePlace } from "../frame/place";
import { announce } from "../kit/announce";
import { Loading } from "../kit/states";
import { useKeys } from "../kit/use-keys";
import { Problem } from "../runs/problem";
import { BatchSection } from "./batch/batch";
import { CaseSection } from "./case/case";
import { NothingWaits } from "./none";
import { caseQuery, countsQuery, decidedQuery, queueQuery, reviewsQuery } from "./queries";
import { PickButton, PickedHead } from "./queue/picked";
import { QueueFrame, QueueKeys, QueueList } from "./queue/queue";
import { SaidLine } from "./said";
import type { ApprovalView } from "./search-params";
import { useCase } from "./use-case";
import { usePicking } from "./use-picking";
import v from "./view.module.css";
import { nameOf, whoOf } from "./words";

type QueueId = Exclude<ApprovalView, "grants">;
const longestFirst = (a: ApprovalShape, b: ApprovalShape) => Date.parse(a.requested_at) - Date.parse(b.requested_at);

/** Queue left, case right, decision at the foot. */
export function Queue({ view }: { view: QueueId }) {
  const { slug } = usePlace().environment;
  const client = useQueryClient();
  const counts = useQuery(countsQuery(slug)).data;
  const waiting = useQuery({ ...queueQuery(slug, view === "mine"), enabled: view !== "decided" });
  const decided = useInfiniteQuery({ ...decidedQuery(slug), enabled: view === "decided" });
  const reviews = useQuery(reviewsQuery(slug)).data?.items ?? [];
  const read = view === "decided" ? decided : waiting;
  const open = new Set(reviews.map((each) => each.id));
  const items =
    view === "decided"
      ? (decided.data?.pages.flatMap((page) => page.items) ?? []).filter((each) => !open.has(each.id))
      : [...(waiting.data?.items ?? [])].sort(longestFirst);
  const all = [...reviews, ...items];
  const chosen = useCase(
    slug,
    all.map((each) => each.id),
    items[0]?.id,
  );
  const picking = usePicking(items);
  const title = useRef<HTMLHeadingElement>(null);
  const [moved, setMoved] = useState(0);
  const wanted = useRef<string | null>(null);
  const known = all.find((each) => each.id === chosen.id);

  // After a verdict the next case is said, and single keys act on it; the address follows a moment later.
  useEffect(() => {
    if (moved === 0 || wanted.current !== chosen.id) return;
    wanted.current = null;
    title.current?.focus();
  }, [moved, chosen.id]);
  // The case after this one is there before it is asked for.
  const ahead = all[all.findIndex((each) => each.id === chosen.id) + 1]?.id;
  useEffect(() => {
    if (ahead) void client.prefetchQuery(caseQuery(slug, ahead));
  }, [client, slug, ahead]);

  const move = (by: 1 | -1) => {
    const next = chosen.step(by);
    const to = all.find((each) => each.id === next);
    if (to) announce(`${nameOf(to)}, ${whoOf(to)}`);
  };
  const gone = (ids: string[]) => {
    wanted.current = chosen.after(ids);
    chosen.go(wanted.current);
    setMoved((n) => n + 1);
  };
  const pickAlike = () => known && picking.alike(known.id);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => known && picking.toggle(known.id),
    X: pickAlike,
    Escape: picking.stop,
  });

  const empty = read.isSuccess && all.length === 0;
  const batch = picking.items.length > 0;
  return (
    <div
      className={v.page}
      data-named={chosen.named || picking.reading || undefined}
      data-empty={(empty && !chosen.named) || undefined}
    >
      <QueueFrame
        view={view}
        counts={counts}
        picked={picking.on ? <PickedHead picking={picking} /> : undefined}
        act={!picking.on && picking.possible ? <PickButton onStart={picking.start} /> : undefined}
        foot={<QueueKeys picking={picking.on} possible={picking.possible} />}
      >
        {read.isPending && <Loading what="the queue" shape="rows" rows={6} />}
        {read.isError && all.length === 0 && (
          <Problem
            title="The queue could not be read"
            error={read.error}
            path="GET /api/v1/approvals"
            onRetry={() => void read.refetch()}
          />
        )}
        <QueueList
          reviews={reviews}
          items={items}
          chosen={batch ? null : chosen.id}
          picking={picking.on ? picking : null}
          onOpen={(id) => {
            picking.stop();
            chosen.go(id, chosen.named ? "replace" : "push");
          }}
          onMore={view === "decided" && decided.hasNextPage ? () => void decided.fetchNextPage() : undefined}
          busy={decided.isFetchingNextPage}
        />
      </QueueFrame>
      {batch ? (
        <BatchSection
          items={picking.items}
          title={title}
          onTakeOut={picking.toggle}
          onQueue={picking.back}
          onDone={(ids, left) => {
            picking.keep(left);
            gone(ids);
          }}
        />
      ) : chosen.id !== null ? (
        <CaseSection
          key={chosen.id}
          id={chosen.id}
          known={known}
          title={title}
          place={{ at: chosen.place, of: all.length }}
          onQueue={() => chosen.go(null)}
          onNext={() => move(1)}
          onGone={gone}
        />
      ) : (
        <div className={v.alone}>
          <SaidLine />
          {empty && <NothingWaits view={view} counts={counts} icon={IconChecklist} />}
        </div>
      )}
    </div>
  );
}
