"use client";

import { IconBell, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { AlertDetail } from "@/lib/alerts/schema";
import { METRICS, type MetricName } from "@/lib/detectors/schema";
import { ApiProblem } from "../../api";
import { usePlace } from "../../frame/place";
import { CopyId } from "../../kit/copy";
import { counted, shorten } from "../../kit/numbers";
import { Empty, Loading } from "../../kit/states";
import { Severity } from "../../kit/status";
import { Mono } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { Problem } from "../../runs/problem";
import { AlertState, HistoricTag } from "../parts";
import { alertQuery, ruleQuery } from "../queries";
import { titleOf, valueWords } from "../words";
import s from "./alert.module.css";
import { AnswerBar } from "./bar";
import { ValueChart } from "./chart";
import { WhatWasDone } from "./done";
import { EvidencePanel } from "./evidence";
import { FirstMovesPanel } from "./moves";
import { OnlyObserves, RulePanel } from "./rule";

type Props = {
  id: string;
  title: RefObject<HTMLHeadingElement | null>;
  place: { at: number | null; of: number };
  onList: () => void;
  onNext: () => void;
};

export function AlertSection(props: Props) {
  const { id, title } = props;
  const { slug } = usePlace().environment;
  const read = useQuery(alertQuery(slug, id));
  const of = read.data;
  const rule = useQuery({ ...ruleQuery(slug, of?.rule ?? ""), enabled: of !== undefined }).data;
  return (
    <section className={s.case} aria-label="Alert">
      <header className={s.head}>
        <Nav {...props} />
        {of ? (
          <Head of={of} title={title} />
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
          <>
            <div className={s.col}>
              <OnlyObserves of={of} rule={rule} />
              <EvidencePanel of={of} />
              <ValueChart of={of} rule={rule} />
            </div>
            <div className={s.col}>
              <FirstMovesPanel of={of} rule={rule} />
              <WhatWasDone of={of} />
              <RulePanel of={of} rule={rule} />
            </div>
          </>
        ) : read.isError ? (
          <NotRead error={read.error} onRetry={() => void read.refetch()} />
        ) : (
          <Loading what="the alert" shape="panel" rows={8} />
        )}
      </div>
      {of && <AnswerBar key={of.alert_id} of={of} onLeave={() => title.current?.focus()} />}
    </section>
  );
}

/** On a phone, where the list is another screen. */
function Nav({ place, onList, onNext }: Props) {
  return (
    <nav className={s.nav} aria-label="Alerts before and after">
      <button type="button" onClick={onList}>
        <IconChevronLeft size={16} aria-hidden />
        Alerts
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

function Head({ of, title }: { of: AlertDetail; title: RefObject<HTMLHeadingElement | null> }) {
  return (
    <>
      <div className={s.top}>
        <h2 ref={title} tabIndex={-1}>
          {titleOf(of)}
        </h2>
        <Severity level={of.severity} />
        <CopyId id={of.alert_id} name="Alert id" head={6} tail={4} />
        <AlertState state={of.state} />
        {of.historic && <HistoricTag />}
        <span className={s.when}>
          first <ExactTime at={of.first_at} />, last <ExactTime at={of.last_at} />
          {of.runs > 0 && `, ${counted(of.runs, "run")}`}
        </span>
      </div>
      <p className={s.said}>
        {of.runs > 0 && (
          <>
            In <b>{counted(of.runs, "run")}</b>:{" "}
          </>
        )}
        <Mono>{of.metric}</Mono> came to <b>{valueWords(of.value)}</b>, its threshold is{" "}
        <b>{valueWords(of.threshold)}</b>. The rule says: {of.sentence}.
      </p>
      {of.metric in METRICS && <p className={s.means}>{METRICS[of.metric as MetricName].says}</p>}
    </>
  );
}

function NotRead({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error instanceof ApiProblem && error.status === 404)
    return (
      <div className={s.whole}>
        <Empty icon={IconBell} title="There is no such alert here">
          It may belong to another environment. Those of this one stand in the list.
        </Empty>
      </div>
    );
  return (
    <div className={s.whole}>
      <Problem title="The alert could not be read" error={error} path="GET /api/v1/alerts/{id}" onRetry={onRetry} />
    </div>
  );
}
