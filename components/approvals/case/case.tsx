"use client";

import { IconChecklist, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { ApprovalShape } from "@/lib/approvals/schema";
import { ApiProblem } from "../../api";
import { usePlace } from "../../frame/place";
import { shorten } from "../../kit/numbers";
import { Empty, Loading } from "../../kit/states";
import { ExactTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { CaseFoot } from "../decide/foot";
import { BreakGlass } from "../glass/break-glass";
import { Due, EffectTag, GlassTag, Outcome, Waited } from "../parts";
import { caseQuery } from "../queries";
import { nameOf, reviewIsOpen, whoOf } from "../words";
import { CaseBody } from "./body";
import s from "./case.module.css";

type Props = {
  id: string;
  /** As the queue knows it, until the case is read. */
  known: ApprovalShape | undefined;
  title: RefObject<HTMLHeadingElement | null>;
  place: { at: number | null; of: number };
  onQueue: () => void;
  onNext: () => void;
  onGone: (ids: string[]) => void;
};

export function CaseSection(props: Props) {
  const { id, known, title, onGone } = props;
  const { slug } = usePlace().environment;
  const read = useQuery(caseQuery(slug, id));
  const [glass, setGlass] = useState(false);
  const of = read.data;
  const shown = of ?? known;
  return (
    <section className={s.case} aria-label="Case">
      <header className={s.head}>
        <CaseNav {...props} />
        {shown ? (
          <CaseHead of={shown} title={title} />
        ) : (
          <div className={s.top}>
            <h2 ref={title} tabIndex={-1}>
              {shorten(id)}
            </h2>
          </div>
        )}
      </header>
      <div className={s.body}>
        {of ? (
          <CaseBody of={of} onGlass={of.may_break_glass ? () => setGlass(true) : undefined} />
        ) : read.isError ? (
          <div className={s.whole}>
            <NotRead error={read.error} onRetry={() => void read.refetch()} />
          </div>
        ) : (
          <div className={s.whole}>
            <Loading what="the case" shape="panel" rows={8} />
          </div>
        )}
      </div>
      {of && <CaseFoot of={of} onGone={onGone} onLeave={() => title.current?.focus()} onGlass={() => setGlass(true)} />}
      {of && glass && <BreakGlass of={of} onClose={() => setGlass(false)} onDone={() => onGone([of.id])} />}
    </section>
  );
}

/** On a phone, where the queue is another screen. */
function CaseNav({ place, onQueue, onNext }: Props) {
  return (
    <nav className={s.nav} aria-label="Queue">
      <button type="button" onClick={onQueue}>
        <IconChevronLeft size={16} aria-hidden />
        Queue
      </button>
      {place.at !== null && (
        <span>
          {place.at} of {place.of}
        </span>
      )}
      <button type="button" onClick={onNext} disabled={place.at === null || place.at >= place.of}>
        Next
        <IconChevronRight size={16} aria-hidden />
      </button>
    </nav>
  );
}

function CaseHead({ of, title }: { of: ApprovalShape; title: RefObject<HTMLHeadingElement | null> }) {
  const waits = of.status === "pending";
  return (
    <>
      <div className={s.top}>
        <h2 ref={title} tabIndex={-1}>
          {nameOf(of)}
        </h2>
        <EffectTag effect={of.effect} />
        {of.broken_glass && <GlassTag open={reviewIsOpen(of)} />}
        <span className={s.who}>
          {whoOf(of)}, {of.task_type}, asked <ExactTime at={of.requested_at} />
        </span>
        <span className={s.clock}>
          {waits ? (
            <>
              <Waited of={of} large /> <Due of={of} />
            </>
          ) : (
            <small>
              <Outcome status={of.status} />
            </small>
          )}
        </span>
      </div>
      <p className={s.intent} title={of.intent?.reason}>
        {of.intent?.reason ? `“${of.intent.reason}”` : "The agent gave no reason for this call."}
      </p>
    </>
  );
}

function NotRead({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error instanceof ApiProblem && error.status === 404)
    return (
      <Empty icon={IconChecklist} title="There is no such case here">
        It may belong to another environment, or its time of keeping is over. What waits stands in the queue.
      </Empty>
    );
  return (
    <Problem
      title="The case could not be read"
      error={error}
      path="GET /api/v1/approvals/{id}/case"
      onRetry={onRetry}
    />
  );
}
