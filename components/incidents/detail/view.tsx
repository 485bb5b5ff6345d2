"use client";

import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckName, IncidentDetail } from "@/lib/incidents/schema";
import { usePlace } from "../../frame/place";
import { usePageShortcuts } from "../../kit/hotkeys";
import { Column, Page, Split } from "../../kit/layout";
import { Note } from "../../kit/note";
import { PageHead } from "../../kit/panel";
import type { Shortcut } from "../../kit/shortcuts";
import { Loading } from "../../kit/states";
import { Mono, TextLink } from "../../kit/text";
import { useKeys } from "../../kit/use-keys";
import { Problem } from "../../runs/problem";
import { incidentQuery } from "../queries";
import { incidentHref } from "../words";
import { ChangesPanel } from "./changes";
import { ComparedPanel } from "./compared";
import { Dialogs } from "./dialogs";
import type { Doing } from "./doing";
import { EffectsPanel } from "./effects";
import { IncidentFigures } from "./figures";
import { IncidentHead } from "./head";
import { LinkedPanel } from "./linked";
import { Missing } from "./missing";
import { PostMortemPanel } from "./post-mortem";
import { RegressionPanel } from "./regression";
import { TimelinePanel } from "./timeline";

const KEYS: Shortcut[] = [
  { keys: ["v"], label: "Do what is missing next", group: "This page" },
  { keys: ["n"], label: "Add a note", group: "This page" },
];

export function IncidentView({ id }: { id: string }) {
  const { slug } = usePlace().environment;
  const read = useQuery(incidentQuery(slug, id));
  if (read.data) return <Shown of={read.data} />;
  return (
    <Page>
      <PageHead
        title={id}
        trail={
          <TextLink plain href={`/${slug}/incidents`}>
            Incidents
          </TextLink>
        }
      />
      {read.isError ? (
        <Problem
          title="The incident could not be read"
          error={read.error}
          path={`GET /api/v1/incidents/${id}`}
          onRetry={() => void read.refetch()}
        />
      ) : (
        <Loading what={id} shape="panel" rows={12} />
      )}
    </Page>
  );
}

/** What meets a condition: the dialog that does it. */
function doingFor(of: IncidentDetail, check: CheckName): Doing | null {
  if (check === "effects") {
    const next = of.effects.items.find((e) => !e.validated);
    return next ? { what: "tick", effect: next } : null;
  }
  return check === "status" ? { what: "status", to: "resolved" } : { what: check };
}

function Shown({ of }: { of: IncidentDetail }) {
  const { may } = usePlace();
  const [doing, setDoing] = useState<Doing | null>(null);
  const closed = of.status === "closed";
  const allowed = may["incidents.write"] === true;
  const act = allowed && !closed ? setDoing : undefined;
  const next = of.checks.find((c) => !c.met)?.check ?? null;
  const onNext = () => {
    const found: Doing | null = next === null ? { what: "close" } : doingFor(of, next);
    if (found) act?.(found);
  };
  usePageShortcuts(KEYS);
  useKeys({ v: onNext, n: () => allowed && setDoing({ what: "note" }) });
  return (
    <Page>
      <IncidentHead of={of} allowed={allowed} onDo={setDoing} />
      {!closed && <Missing of={of} next={next} allowed={allowed} onNext={onNext} />}
      <IncidentFigures of={of} />
      <HappenedBefore of={of} />
      <Split side={384}>
        <Column>
          <EffectsPanel of={of} onTick={act && ((effect) => act({ what: "tick", effect }))} />
          <ComparedPanel of={of} onDo={act} />
          <Split even>
            <Column>
              <PostMortemPanel of={of} onDo={act} />
              <ChangesPanel of={of} onDo={act} />
            </Column>
            <RegressionPanel of={of} onDo={act} />
          </Split>
        </Column>
        <Column>
          <TimelinePanel of={of} onNote={allowed ? () => setDoing({ what: "note" }) : undefined} />
          <LinkedPanel of={of} onDo={act} />
        </Column>
      </Split>
      {doing && <Dialogs of={of} doing={doing} onClose={() => setDoing(null)} onDo={setDoing} />}
    </Page>
  );
}

/** One strip: what it has in common with the one before, and that nobody had foreseen it. */
function HappenedBefore({ of }: { of: IncidentDetail }) {
  const { slug } = usePlace().environment;
  if (!of.recurrence_of && !of.unnamed) return null;
  const unnamed = (
    <>
      <b>Nobody had named it.</b> The inventory had no entry of <Mono>{of.category}</Mono> before this opened.
    </>
  );
  if (!of.recurrence_of)
    return (
      <Note tone="warn" right={<TextLink href={`/${slug}/failures?tab=coverage`}>See what else has none</TextLink>}>
        {unnamed}
      </Note>
    );
  return (
    <Note
      tone="warn"
      icon={<IconHistory size={17} aria-hidden />}
      right={<TextLink href={incidentHref(slug, of.recurrence_of)}>Open {of.recurrence_of}</TextLink>}
    >
      <b>Recurrence.</b> <Mono>{of.category}</Mono> was {of.recurrence_of} before, and no rule of it was written or
      changed in between. {of.unnamed && unnamed}
    </Note>
  );
}
