"use client";

import { Button } from "@mantine/core";
import { IconHammer } from "@tabler/icons-react";
import type { CaseShape } from "@/lib/approvals/schema";
import { usePlace } from "../../frame/place";
import { ExactTime } from "../../kit/time";
import { wordsOf } from "../../runs/problem";
import { ReviewFoot } from "../glass/review";
import { Outcome } from "../parts";
import { SaidLine } from "../said";
import { reviewIsOpen } from "../words";
import { DecisionBar } from "./bar";
import s from "./bar.module.css";
import { useReasons } from "./reasons";
import { isOver, useVerdict } from "./use-verdict";

type Props = { of: CaseShape; onGone: (ids: string[]) => void; onLeave: () => void; onGlass: () => void };

/** What this person can do about the case now, or why nothing. */
export function CaseFoot(props: Props) {
  const { of, onGlass } = props;
  if (reviewIsOpen(of)) return <ReviewFoot of={of} onGone={props.onGone} />;
  if (of.status !== "pending") return <Settled of={of} />;
  if (of.for_me) return <Decide key={of.id} {...props} />;
  return (
    <div className={s.closed}>
      <SaidLine />
      <p>
        <b>Not for you.</b> {of.why_not_me ?? "Somebody else is asked at this stage."}
      </p>
      {of.may_break_glass && (
        <Button size="lg" leftSection={<IconHammer size={17} aria-hidden />} onClick={onGlass}>
          Break glass…
        </Button>
      )}
    </div>
  );
}

function Settled({ of }: { of: CaseShape }) {
  return (
    <div className={s.closed}>
      <SaidLine />
      <p>
        <Outcome status={of.status} />{" "}
        {of.settled_by && (
          <>
            by <b>{of.settled_by}</b>{" "}
          </>
        )}
        {of.settled_at && <ExactTime at={of.settled_at} />}
        {of.settle_reason && `, “${of.settle_reason}”`}
        {of.review?.state === "closed" && ` Reviewed by ${of.review.by ?? "a person"}: “${of.review.note ?? ""}”`}
      </p>
    </div>
  );
}

function Decide({ of, onGone, onLeave }: Props) {
  const { slug } = usePlace().environment;
  const reasons = useReasons(slug);
  const verdict = useVerdict(onGone);
  const last = of.stage >= of.stages.length - 1;
  return (
    <DecisionBar
      approve={last ? "Approve" : `Approve stage ${of.stage + 1}`}
      deny="Deny"
      offer={(each) => reasons.offer(each, of.similar)}
      busy={verdict.isPending ? verdict.variables.verdict : null}
      waiting={false}
      error={verdict.isError && !isOver(verdict.error) ? `Nothing was decided. ${wordsOf(verdict.error)}` : undefined}
      onLeave={onLeave}
      onSend={(each, reason) => {
        reasons.remember(each, reason);
        verdict.mutate({ of, verdict: each, reason });
      }}
    />
  );
}
