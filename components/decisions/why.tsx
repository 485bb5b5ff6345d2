"use client";

import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { DecisionRow } from "@/lib/decisions/schema";
import { usePlace } from "../frame/place";
import { CopyId } from "../kit/copy";
import { duration, money } from "../kit/numbers";
import { KeyValue, Panel } from "../kit/panel";
import { St } from "../kit/status";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { detailOf } from "../runs/problem";
import { AnswerHead, answerFacts, Would } from "./answer";
import s from "./decisions.module.css";
import { tryCall } from "./queries";
import { askedAgain, WHY } from "./words";

/** Why a call was answered as it was: the answer, the rule, what was left, what came of it, and what today's policy says. */
export function Why({ row }: { row: DecisionRow }) {
  const { slug } = usePlace().environment;
  const { answer } = row;
  const who = new URLSearchParams({ agent_id: row.agent_id, task_type: row.task_type });
  if (row.tenant_id) who.set("tenant_id", row.tenant_id);
  if (answer.policy.rule) who.set("rule", answer.policy.rule);
  return (
    <Panel
      title={WHY[answer.outcome]}
      sub={<ExactTime at={row.decided_at} />}
      label={`${WHY[answer.outcome]}: ${row.tool ?? row.model ?? row.kind}`}
      foot={<TextLink href={`/${slug}/policies/effective?${who}`}>Effective policy of this caller</TextLink>}
    >
      <AnswerHead answer={answer} />
      <Would answer={answer} past />
      <KeyValue padded items={[...answerFacts(answer, true), ...traceFacts(slug, row)]} />
      <Today row={row} />
    </Panel>
  );
}

function traceFacts(slug: string, row: DecisionRow) {
  const { answer, result } = row;
  const approval = row.approval_id ?? answer.approval?.id ?? null;
  return [
    ...(row.args_hash === null
      ? []
      : [{ term: "Arguments", value: <CopyId id={row.args_hash} name="hash of the arguments" /> }]),
    ...(answer.effect === null ? [] : [{ term: "Effect", value: <EffectWords row={row} /> }]),
    ...(answer.idempotency_key === null
      ? []
      : [{ term: "Key", value: <CopyId id={answer.idempotency_key} name="idempotency key" head={18} tail={6} /> }]),
    ...(approval === null
      ? []
      : [
          {
            term: "Approval",
            value: (
              <TextLink mono href={`/${slug}/approvals/${encodeURIComponent(approval)}`}>
                {approval}
              </TextLink>
            ),
          },
        ]),
    { term: "Result", value: result ? <ResultWords result={result} /> : notReported(row) },
    { term: "Decision", value: <CopyId id={row.decision_id} name="decision id" /> },
  ];
}

const notReported = (row: DecisionRow): string => (row.answer.outcome === "allow" ? "not reported yet" : "–");

function EffectWords({ row }: { row: DecisionRow }) {
  return (
    <>
      {row.answer.effect}
      {row.effect_id && (
        <>
          {" "}
          <CopyId id={row.effect_id} name="effect id" />
        </>
      )}
    </>
  );
}

function ResultWords({ result }: { result: NonNullable<DecisionRow["result"]> }) {
  const facts = [
    result.http_status !== null && `HTTP ${result.http_status}`,
    result.latency_ms !== null && duration(result.latency_ms / 1000),
    result.cost_usd !== null && money(result.cost_usd, { run: true }),
    result.output_valid === false && "output not as declared",
    result.late && "late",
  ].filter(Boolean);
  return (
    <>
      <St tone={result.status === "ok" ? "plain" : "bad"}>{result.status}</St>
      {facts.length > 0 && `, ${facts.join(", ")}`}
      {result.error?.message && (
        <>
          {" "}
          <Mono>{result.error.message}</Mono>
        </>
      )}
    </>
  );
}

/** The same question to what is in force now; nothing is recorded by asking. */
function Today({ row }: { row: DecisionRow }) {
  const { slug } = usePlace().environment;
  const { question, whole } = askedAgain(row);
  const again = useMutation({
    mutationFn: () =>
      tryCall(slug, {
        agent_id: row.agent_id,
        task_type: row.task_type,
        ...(row.tenant_id === null ? {} : { tenant_id: row.tenant_id }),
        question,
      }),
  });
  return (
    <div className={s.today} aria-live="polite">
      <Button
        leftSection={<IconRefresh size={15} aria-hidden />}
        loading={again.isPending}
        onClick={() => again.mutate()}
      >
        Try again with today's policy
      </Button>
      <small>
        {whole
          ? "Asks without recording, spending or claiming anything."
          : "Its arguments were not kept in full, so rules that look at them may answer otherwise."}
      </small>
      {again.error && (
        <p className={s.failed} role="alert">
          {detailOf(again.error)}
        </p>
      )}
      {again.data && (
        <div className={s.now}>
          <AnswerHead answer={again.data} />
          <Would answer={again.data} />
          <KeyValue padded items={answerFacts(again.data, false)} />
        </div>
      )}
    </div>
  );
}
