"use client";

import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { RunbookShape } from "@/lib/failures/schema";
import type { StopReason } from "@/lib/runs/stop-reasons";
import { runbooksQuery } from "../../failures/queries";
import { usePlace } from "../../frame/place";
import { Loading } from "../../kit/states";
import { stopReasonFamily } from "../../kit/stop-reasons";
import { Dim, TextLink } from "../../kit/text";
import { wordsOf } from "../problem";
import s from "./detail.module.css";

/** The runbook of the run's stop reason: this environment's own where it has one, else the catalogue's. */
export function FirstMoves({ reason }: { reason: StopReason }) {
  const { slug } = usePlace().environment;
  const read = useQuery(runbooksQuery(slug, reason));
  const [chosen, choose] = useState<string | null>(null);
  const items = read.data?.items ?? [];
  const shown = items.find((each) => each.slug === chosen) ?? items[0];
  return (
    <section className={s.moves} data-fam={stopReasonFamily(reason)} aria-label="First moves">
      <h2>First moves for {reason}</h2>
      {items.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label="Which failure was it?"
          data={items.map((each) => ({ value: each.slug, label: each.name }))}
          value={shown?.slug}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      )}
      {shown ? (
        <>
          <ol>
            {shown.runbook.first.map((move) => (
              <li key={move}>{move}</li>
            ))}
          </ol>
          <Dim>
            <Source of={shown} />
          </Dim>
        </>
      ) : read.isPending ? (
        <Loading what="the first moves" shape="rows" rows={3} />
      ) : (
        <Dim>{read.isError ? wordsOf(read.error) : "No runbook names this stop reason."}</Dim>
      )}
    </section>
  );
}

function Source({ of }: { of: RunbookShape }) {
  const { slug } = usePlace().environment;
  if (of.source === "entry")
    return (
      <>
        Runbook of <TextLink href={`/${slug}/failures/${encodeURIComponent(of.slug)}#runbook`}>{of.name}</TextLink>
        {of.owner && `, ${of.owner}`}
      </>
    );
  return (
    <>
      From the catalogue: <TextLink href={`/${slug}/failures?tab=catalogue#${of.category}`}>{of.name}</TextLink>. No
      entry here names this stop reason.
    </>
  );
}
