"use client";

import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { ApprovalShape, CountsShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { K } from "../../kit/kbd";
import { ViewTabs } from "../../kit/view-tabs";
import type { ApprovalView } from "../search-params";
import { SelfApprovalNote, SettingsButton } from "../settings";
import { QueueItem } from "./item";
import s from "./queue.module.css";

const TABS: Record<ApprovalView, string> = { mine: "For me", all: "All", decided: "Decided", grants: "Grants" };

/** Title, tabs and, below, whatever the view lists. */
export function QueueFrame(props: {
  view: ApprovalView;
  counts: CountsShape | undefined;
  /** Stands where the tabs are, while some are picked. */
  picked?: ReactNode;
  /** One button beside the title. */
  act?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const { view, counts, picked, act, children, foot } = props;
  const { slug } = usePlace().environment;
  const numbers: Record<ApprovalView, number | undefined> = {
    mine: counts?.mine,
    all: counts?.pending,
    decided: undefined,
    grants: counts?.grants,
  };
  return (
    <section className={s.queue} aria-label={view === "grants" ? "Grants" : "Queue"}>
      <div className={s.head}>
        <div className={s.title}>
          <h1>Approvals</h1>
          <span className={s.meta}>
            {counts && (view === "grants" ? `${counts.grants} active` : waitingWords(counts))}
          </span>
          <span className={s.acts}>
            {act}
            <SettingsButton counts={counts} />
          </span>
        </div>
        {picked ?? (
          <div className={s.tabs}>
            <ViewTabs
              label="Views"
              value={view}
              views={(Object.keys(TABS) as ApprovalView[]).map((id) => ({
                id,
                label: TABS[id],
                count: numbers[id],
                href: `/${slug}/approvals${id === "mine" ? "" : `?view=${id}`}`,
              }))}
            />
          </div>
        )}
      </div>
      <div className={s.list}>
        <SelfApprovalNote counts={counts} />
        {children}
      </div>
      {foot && <div className={s.keys}>{foot}</div>}
    </section>
  );
}

const waitingWords = ({ pending, irreversible }: CountsShape): string =>
  `${pending} waiting${irreversible > 0 ? `, ${irreversible} irreversible` : ""}`;

export type Picking = {
  ids: string[];
  lockedOf: (a: ApprovalShape) => string | null;
  toggle: (id: string) => void;
};

/** What can be chosen, reviews of broken glass first. */
export function QueueList(props: {
  reviews: ApprovalShape[];
  items: ApprovalShape[];
  chosen: string | null;
  picking: Picking | null;
  onOpen: (id: string) => void;
  onMore?: () => void;
  busy?: boolean;
  children?: ReactNode;
}) {
  const { reviews, items, chosen, picking, onOpen, onMore, busy, children } = props;
  return (
    <>
      {reviews.length > 0 && (
        <>
          <h2 className={s.group}>Glass was broken, to be reviewed</h2>
          <ul>
            {reviews.map((each) => (
              <QueueItem key={each.id} of={each} on={each.id === chosen} onOpen={onOpen} />
            ))}
          </ul>
          {items.length > 0 && <h2 className={s.group}>{items[0]?.status === "pending" ? "Waiting" : "Decided"}</h2>}
        </>
      )}
      <ul>
        {items.map((each) => (
          <QueueItem
            key={each.id}
            of={each}
            on={each.id === chosen}
            onOpen={onOpen}
            pick={
              picking
                ? {
                    on: picking.ids.includes(each.id),
                    locked: picking.lockedOf(each),
                    onToggle: () => picking.toggle(each.id),
                  }
                : undefined
            }
          />
        ))}
      </ul>
      {children}
      {onMore && (
        <div className={s.more}>
          <Button size="xs" loading={busy} onClick={onMore}>
            Older
          </Button>
        </div>
      )}
    </>
  );
}

export const QueueKeys = ({ picking, possible }: { picking: boolean; possible: boolean }) =>
  picking ? (
    <>
      <span>
        <K>x</K> select
      </span>
      <span>
        <K>X</K> all alike
      </span>
      <span>
        <K>esc</K> clear
      </span>
    </>
  ) : (
    <>
      <span>
        <K>j</K>
        <K>k</K> move
      </span>
      {possible && (
        <span>
          <K>x</K> select
        </span>
      )}
      <span>
        <K>?</K> all keys
      </span>
    </>
  );
