"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import type { ApprovalShape, CaseShape } from "@/lib/approvals/schema";
import { stateQuery } from "../../controls/queries";
import { usePlace } from "../../frame/place";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { Problem } from "../../runs/problem";
import s from "../case/case.module.css";
import { covers } from "../covers";
import { DecisionBar } from "../decide/bar";
import { useReasons } from "../decide/reasons";
import { Held } from "../held";
import { EffectTag, Waited } from "../parts";
import { caseQuery } from "../queries";
import { BATCH_MAX, nameOf, stageWords } from "../words";
import { BatchTable } from "./table";
import { useBatch } from "./use-batch";

type Props = {
  items: ApprovalShape[];
  title: RefObject<HTMLHeadingElement | null>;
  onTakeOut: (id: string) => void;
  onQueue: () => void;
  onDone: (gone: string[], left: string[]) => void;
};

/** One verdict and one reason for several alike, side by side, key by key. */
export function BatchSection({ items, title, onTakeOut, onQueue, onDone }: Props) {
  const { slug } = usePlace().environment;
  const reasons = useReasons(slug);
  const batch = useBatch(onDone);
  const read = useQueries({ queries: items.map((each) => caseQuery(slug, each.id)) });
  const state = useQuery(stateQuery(slug)).data;
  const cases = read.flatMap((each): CaseShape[] => (each.data ? [each.data] : []));
  const failed = read.find((each) => each.isError && !each.data);
  const whole = cases.length === items.length;
  const first = items[0];
  if (!first) return null;
  const held = state?.switches.find((set) => items.some((each) => covers(set, each)));
  const tenants = new Set(items.map((each) => each.tenant_id)).size;
  const n = items.length;
  return (
    <section className={s.case} aria-label={`Batch of ${n}`}>
      <header className={s.head}>
        <nav className={s.nav} aria-label="Queue">
          <button type="button" onClick={onQueue}>
            Back to the queue
          </button>
        </nav>
        <div className={s.top}>
          <h2 ref={title} tabIndex={-1}>{`${n} × ${nameOf(first)}`}</h2>
          <EffectTag effect={first.effect} />
          <span className={s.who}>
            {first.agent_id}, same rule, {stageWords(first)}, {counted(tenants, "tenant")}
          </span>
          <span className={s.clock}>
            <span className={s.who}>oldest waits</span> <Waited of={oldest(items)} />
          </span>
        </div>
        <p className={s.intent}>
          One verdict and one reason, written {counted(n, "time")}: {counted(n, "vote")}, {counted(n, "audit row")},
          each bound to its own bytes.
        </p>
      </header>
      <div className={s.body}>
        {held && (
          <div className={s.whole}>
            <Held by={held} frozen={items.every((each) => each.frozen_at !== null)} />
          </div>
        )}
        <div className={s.whole}>
          {failed ? (
            <Problem title="A case could not be read" error={failed.error} onRetry={() => void failed.refetch()} />
          ) : whole ? (
            <Panel
              title="What is the same, and what is not"
              sub="exact arguments, key by key"
              foot={<span>At most {BATCH_MAX} in a batch, one agent, tool and rule, nothing irreversible.</span>}
            >
              <BatchTable cases={cases} onTakeOut={onTakeOut} />
            </Panel>
          ) : (
            <Loading what="the cases" shape="panel" rows={8} />
          )}
        </div>
      </div>
      <DecisionBar
        batch
        approve={`Approve ${n}`}
        deny={`Deny ${n}`}
        offer={(each) => reasons.offer(each, cases[0]?.similar ?? [])}
        busy={batch.isPending ? batch.variables.verdict : null}
        waiting={!whole}
        error={batch.said}
        onLeave={() => title.current?.focus()}
        onSend={(verdict, reason) => {
          reasons.remember(verdict, reason);
          batch.mutate({ items, verdict, reason });
        }}
      />
    </section>
  );
}

const oldest = (items: ApprovalShape[]): ApprovalShape =>
  items.reduce((a, b) => (Date.parse(b.requested_at) < Date.parse(a.requested_at) ? b : a));
