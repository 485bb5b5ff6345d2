"use client";

import { IconLock } from "@tabler/icons-react";
import { type MouseEvent, useEffect, useRef } from "react";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { RelativeTime } from "../../kit/time";
import { ClockBar, EffectTag, GlassTag, Outcome, Waited } from "../parts";
import { approvalHref, nameOf, personWords, reviewIsOpen, stageWords, whoOf } from "../words";
import s from "./queue.module.css";

type Props = {
  of: ApprovalShape;
  on: boolean;
  onOpen: (id: string) => void;
  /** With a box to tick; `locked` says why it has none. */
  pick?: { on: boolean; locked: string | null; onToggle: () => void };
};

/** A plain click opens it here; any other kind of click is the browser's. */
const plain = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

export function QueueItem({ of, on, onOpen, pick }: Props) {
  const { slug } = usePlace().environment;
  const what = of.intent?.reason ?? of.task_type;
  const by = of.settled_by ? `by ${personWords(of.settled_by)}` : "";
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (on) row.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  const waits = of.status === "pending";
  return (
    <li ref={row} className={s.item} data-on={on || pick?.on || undefined} data-pick={pick ? true : undefined}>
      {pick?.locked && (
        <span className={s.tick} title={pick.locked}>
          <span className={s.lock}>
            <IconLock size={11} aria-hidden />
            <span className="il-sr">{pick.locked}</span>
          </span>
        </span>
      )}
      {pick && !pick.locked && (
        <label className={s.tick}>
          <input type="checkbox" checked={pick.on} onChange={pick.onToggle} />
          <span className="il-sr">
            {nameOf(of)}, {whoOf(of)}
          </span>
        </label>
      )}
      <a
        className={s.open}
        href={approvalHref(slug, of.id)}
        aria-current={on ? "true" : undefined}
        data-locked={pick?.locked ? true : undefined}
        onClick={(event) => {
          if (!plain(event)) return;
          event.preventDefault();
          onOpen(of.id);
        }}
      >
        <b>{nameOf(of)}</b>
        {waits ? (
          <Waited of={of} />
        ) : (
          <span className={s.when}>{of.settled_at && <RelativeTime at={of.settled_at} />}</span>
        )}
        <p>
          {whoOf(of)}, {what}
        </p>
        <div>
          <EffectTag effect={of.effect} />
          {of.broken_glass && <GlassTag open={reviewIsOpen(of)} />}
          <small>
            {waits ? (pick?.locked ?? stageWords(of)) : reviewIsOpen(of) ? by : <Outcome status={of.status} />}
          </small>
          {waits && (of.frozen_at ? <small className={s.held}>clock held</small> : <ClockBar of={of} />)}
        </div>
      </a>
    </li>
  );
}
