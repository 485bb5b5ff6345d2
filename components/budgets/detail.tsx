"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BudgetDetailShape } from "@/lib/budgets/schema";
import { usePlace } from "../frame/place";
import { shorten } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Loading } from "../kit/states";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { Problem } from "../runs/problem";
import { BudgetChart } from "./chart";
import { DeleteBudget } from "./delete";
import s from "./detail.module.css";
import { EditBudget } from "./form";
import { Events, Holds } from "./outstanding";
import { budgetQuery } from "./queries";
import { RaiseCap } from "./raise";
import { Sub } from "./sub";
import { amountWords, hardWords, isPromise, isSum, measureOf, nameOf, SOFT_WORDS } from "./words";

export const NEEDS_CONFIGURE = "It needs the role policy admin or admin here.";
type Open = "raise" | "edit" | "delete" | null;

/** The chosen budget: how it got here, what is outstanding, what its limits do. */
export function BudgetDetail({ slug, onGone }: { slug: string; onGone: () => void }) {
  const { environment, may } = usePlace();
  const [gone, setGone] = useState(false);
  const read = useQuery({ ...budgetQuery(environment.slug, slug), enabled: !gone });
  const [open, setOpen] = useState<Open>(null);
  const of = read.data;
  if (!of)
    return read.isError ? (
      <Problem
        title="The budget could not be read"
        error={read.error}
        path="GET /api/v1/budgets/{slug}"
        onRetry={() => void read.refetch()}
      />
    ) : (
      <Loading what="the budget" shape="panel" rows={6} />
    );
  const name = nameOf(of, environment.name);
  const allowed = may["budgets.write"] === true;
  const act = (what: Open, label: string) => (
    <Button size="xs" disabled={!allowed} title={allowed ? undefined : NEEDS_CONFIGURE} onClick={() => setOpen(what)}>
      {label}
    </Button>
  );
  const close = () => setOpen(null);
  return (
    <>
      <Panel
        title={`${name}, ${measureOf(of)}`}
        sub={
          <>
            {of.window_end && of.window !== "run" && `resets ${resetWords(of)}, `}revision {of.revision},{" "}
            {of.updated_by}, <ExactTime at={of.updated_at} />
          </>
        }
        right={
          <>
            <TextLink href={`/${environment.slug}/audit?target=${encodeURIComponent(of.slug)}`}>History</TextLink>
            {act("edit", "Edit…")}
            {act("delete", "Delete…")}
            {act("raise", of.hard && !isPromise(of.metric) ? "Raise the cap…" : "Change the amount…")}
          </>
        }
        foot={<Limits of={of} />}
      >
        <div className={s.open}>
          <div>
            <Course of={of} name={name} />
            {of.note && <p className={s.words}>“{of.note}”</p>}
          </div>
          <div>
            {of.metric === "usd" || of.metric === "tokens" ? (
              <Holds of={of} />
            ) : (
              <p className={s.words}>This measure is counted as it happens: nothing is held.</p>
            )}
            <Events of={of} />
          </div>
        </div>
      </Panel>
      {open === "raise" && <RaiseCap of={of} onClose={close} />}
      {open === "edit" && <EditBudget of={of} onClose={close} />}
      {open === "delete" && <DeleteBudget of={of} onClose={close} onDeleting={setGone} onGone={onGone} />}
    </>
  );
}

const resetWords = (of: BudgetDetailShape): string =>
  of.window === "month" ? "on the first, 00:00 UTC" : of.window === "hour" ? "on the hour" : "at 00:00 UTC";

function paceWords(of: BudgetDetailShape): string {
  const { spent, unsettled, held } = of.usage;
  const used = `${amountWords(of.metric, spent + unsettled + held)} of ${amountWords(of.metric, of.amount)}`;
  return of.forecast
    ? `${used}, ${amountWords(of.metric, of.forecast.per_hour)} an hour at the pace of the last hour`
    : used;
}

/** How it got here: drawn where it adds up over a window, else said. */
function Course({ of, name }: { of: BudgetDetailShape; name: string }) {
  const head = <Sub title={of.window === "run" ? "Now" : "This window"} meta={paceWords(of)} />;
  if (isSum(of.metric) && of.window !== "run" && of.window_start && of.window_end)
    return (
      <>
        {head}
        <div className={s.chart}>
          <BudgetChart of={of} name={name} />
          {of.usual.length > 1 && (
            <p className={s.hint}>Grey and dashed: the usual, median of the same hours of the last 4 weeks.</p>
          )}
        </div>
      </>
    );
  return (
    <>
      {head}
      <p className={s.words}>
        {isPromise(of.metric)
          ? "It is measured over the runs that ended in this window, and does not add up to a course."
          : `It is counted ${of.metric === "concurrent_runs" ? "as runs begin and end" : "per run"}, so there is no course to draw.`}
        {of.worst && ` Nearest to it: ${shorten(of.worst, 8, 4)}.`}
      </p>
    </>
  );
}

/** What happens at each limit; the reason why a cap is worth having. */
function Limits({ of }: { of: BudgetDetailShape }) {
  const hard = hardWords(of.metric);
  return (
    <>
      <span>
        {of.soft
          ? `At the soft limit, ${amountWords(of.metric, of.amount * of.soft.at)}: ${SOFT_WORDS[of.soft.then]}.`
          : "It has no soft limit."}
      </span>
      <span>
        {of.hard ? (
          <>
            At the hard limit, {amountWords(of.metric, of.amount)}: {hard.text} {hard.code && <Mono>{hard.code}</Mono>}
          </>
        ) : (
          "It refuses nothing: it is only watched."
        )}
      </span>
    </>
  );
}
