"use client";

import { Button } from "@mantine/core";
import { IconPencilCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { useMemo, useRef } from "react";
import type { EffectShape } from "@/lib/decisions/schema";
import type { RunShape } from "@/lib/runs/schema";
import { usePlace } from "../frame/place";
import { CodeBlock } from "../kit/code";
import { CopyId } from "../kit/copy";
import { DataTable } from "../kit/data-table";
import { Column, Split } from "../kit/layout";
import { counted } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Empty, Loading } from "../kit/states";
import { Problem } from "../runs/problem";
import { effectColumns } from "./effect-columns";
import { EffectFacts } from "./effect-facts";
import { EffectStory } from "./effect-story";
import { runEffectsQuery } from "./run-queries";
import s from "./run-tabs.module.css";
import { effectParam } from "./search-params";
import { Settle } from "./settle";

/** The ledger: what this run wrote, or may have written, each under its key. */
export function RunEffects({ run }: { run: RunShape }) {
  const { slug } = usePlace().environment;
  const [chosen, setChosen] = useQueryState("effect", effectParam);
  const list = useInfiniteQuery(runEffectsQuery(slug, run.run_id));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = useMemo(() => effectColumns(slug), [slug]);
  const below = useRef<HTMLDivElement>(null);
  if (list.isPending) return <Loading what="effects" shape="rows" rows={6} />;
  if (list.isError && rows.length === 0)
    return (
      <div className={s.page}>
        <Problem
          title="The effects could not be read"
          error={list.error}
          path={`/api/v1/effects?run_id=${run.run_id}`}
          onRetry={() => void list.refetch()}
        />
      </div>
    );
  if (rows.length === 0) return <NoEffects />;
  const unknown = rows.filter((row) => row.status === "unknown").length;
  const shown = rows.find((row) => row.effect_id === chosen) ?? rows.find((row) => row.status === "unknown") ?? rows[0];
  const choose = (row: EffectShape) => {
    void setChosen(row.effect_id);
    requestAnimationFrame(() => below.current?.scrollIntoView({ block: "nearest" }));
  };
  return (
    <div className={s.page}>
      <Panel
        title="Effects ledger"
        sub={`${counted(rows.length, "write")} by this run${unknown > 0 ? `, ${unknown} unknown` : ""}`}
        foot={
          list.hasNextPage ? (
            <Button size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Load earlier writes
            </Button>
          ) : undefined
        }
      >
        <DataTable
          label="Effects ledger"
          cards
          keys
          columns={columns}
          rows={rows}
          rowId={(row) => row.effect_id}
          selectedId={shown?.effect_id ?? null}
          onSelect={choose}
          rowTone={(row) => (row.status === "unknown" ? "warn" : undefined)}
        />
      </Panel>
      <div ref={below} className={s.below}>
        {shown && <One key={shown.effect_id} effect={shown} />}
      </div>
    </div>
  );
}

function One({ effect }: { effect: EffectShape }) {
  return (
    <Split side={440}>
      <Column>
        <EffectStory effect={effect} />
        <Panel
          title="Exact arguments"
          sub="canonical, what may have run; redacted here"
          right={<CopyId id={effect.args_hash} name="hash of the arguments" head={4} tail={4} />}
        >
          {effect.args_preview === null ? (
            <p className={s.none}>They were too large to keep; their hash stands above.</p>
          ) : (
            <CodeBlock flush wrap copy={false} code={pretty(effect.args_preview)} language="json" label="Arguments" />
          )}
        </Panel>
      </Column>
      {effect.status === "unknown" ? <Settle effect={effect} /> : <EffectFacts effect={effect} />}
    </Split>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const NoEffects = () => (
  <div className={s.page}>
    <Empty icon={IconPencilCheck} title="This run has written nothing">
      Each write that the gate allows is claimed here under a key before it happens, and settled by its result. The same
      write asked again is answered from this ledger, and one whose result never came waits here for a person.
    </Empty>
  </div>
);
