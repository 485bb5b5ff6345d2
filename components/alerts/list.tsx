"use client";

import { Button } from "@mantine/core";
import { type MouseEvent, useEffect, useRef } from "react";
import type { AlertCounts, AlertShape } from "@/lib/alerts/schema";
import { usePlace } from "../frame/place";
import { K } from "../kit/kbd";
import { counted } from "../kit/numbers";
import { Severity } from "../kit/status";
import { Mono } from "../kit/text";
import { RelativeTime } from "../kit/time";
import { ViewTabs } from "../kit/view-tabs";
import s from "./list.module.css";
import { AlertState, HistoricTag } from "./parts";
import { ALERT_VIEWS, type AlertView } from "./search-params";
import { againstWords, alertHref, titleOf } from "./words";

const TABS: Record<AlertView, string> = {
  open: "Open",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  historic: "Historic",
};

export function ListHead(props: {
  view: AlertView;
  counts: AlertCounts | undefined;
  onView: (view: AlertView) => void;
}) {
  const { view, counts, onView } = props;
  const critical = counts?.by_severity.critical ?? 0;
  const numbers: Partial<Record<AlertView, number>> = { open: counts?.open, acknowledged: counts?.acknowledged };
  return (
    <>
      <div className={s.title}>
        <h1>Alerts</h1>
        <span className={s.meta}>{counts && `${counts.open} open${critical > 0 ? `, ${critical} critical` : ""}`}</span>
      </div>
      <div className={s.tabs}>
        <ViewTabs
          label="Views"
          value={view}
          views={ALERT_VIEWS.map((id) => ({ id, label: TABS[id], count: numbers[id] }))}
          onChange={(id) => onView(ALERT_VIEWS.find((each) => each === id) ?? "open")}
        />
      </div>
    </>
  );
}

/** A plain click opens it here; any other kind of click is the browser's. */
const plain = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

function Item({
  of,
  on,
  view,
  onOpen,
}: {
  of: AlertShape;
  on: boolean;
  view: AlertView;
  onOpen: (id: string) => void;
}) {
  const { slug } = usePlace().environment;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (on) row.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  return (
    <li ref={row} className={s.item} data-on={on || undefined} data-quiet={of.historic || undefined}>
      <a
        href={alertHref(slug, of.alert_id)}
        aria-current={on ? "true" : undefined}
        onClick={(event) => {
          if (!plain(event)) return;
          event.preventDefault();
          onOpen(of.alert_id);
        }}
      >
        <b>{titleOf(of)}</b>
        <span className={s.when}>
          <RelativeTime at={of.last_at} />
        </span>
        <div>
          <Severity level={of.severity} />
          <Mono className={s.value}>{againstWords(of)}</Mono>
          <span className={s.end}>
            {of.historic ? (
              view === "historic" ? (
                <AlertState state={of.state} />
              ) : (
                <HistoricTag />
              )
            ) : of.runs > 0 ? (
              counted(of.runs, "run")
            ) : (
              "a window"
            )}
          </span>
        </div>
      </a>
    </li>
  );
}

/** What happens now, and under a line of its own what came late. */
export function AlertList(props: {
  items: AlertShape[];
  view: AlertView;
  chosen: string | null;
  onOpen: (id: string) => void;
  onMore?: () => void;
  busy?: boolean;
}) {
  const { items, view, chosen, onOpen, onMore, busy } = props;
  const late = view === "historic" ? [] : items.filter((a) => a.historic);
  const now = view === "historic" ? items : items.filter((a) => !a.historic);
  const rows = (of: AlertShape[]) => (
    <ul>
      {of.map((a) => (
        <Item key={a.alert_id} of={a} on={a.alert_id === chosen} view={view} onOpen={onOpen} />
      ))}
    </ul>
  );
  return (
    <>
      {rows(now)}
      {(late.length > 0 || view === "historic") && items.length > 0 && (
        <h2 className={s.group}>Historic, came late: neither notified nor acted</h2>
      )}
      {late.length > 0 && rows(late)}
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

export const ListKeys = () => (
  <>
    <span>
      <K>j</K>
      <K>k</K> move
    </span>
    <span>
      <K>e</K> acknowledge
    </span>
  </>
);
