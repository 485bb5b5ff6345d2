"use client";

import { useQuery } from "@tanstack/react-query";
import type { AlertDetail } from "@/lib/alerts/schema";
import type { RuleShape } from "@/lib/detectors/schema";
import { catalogueQuery, failureQuery } from "../../failures/queries";
import { usePlace } from "../../frame/place";
import { Panel } from "../../kit/panel";
import { Loading } from "../../kit/states";
import { TextLink } from "../../kit/text";
import { wordsOf } from "../../runs/problem";
import s from "./alert.module.css";
import { failureOf } from "./rule";

/** The first three moves: the entry's own runbook where it has one, else the catalogue's. */
export function FirstMovesPanel({ of, rule }: { of: AlertDetail; rule: RuleShape | undefined }) {
  const { slug } = usePlace().environment;
  const failure = failureOf(of, rule);
  const entry = useQuery({ ...failureQuery(slug, failure ?? ""), enabled: failure !== null, retry: false });
  const shipped = useQuery(catalogueQuery(slug));
  const category = shipped.data?.items.find((c) => c.slug === of.category);
  const own = entry.data?.runbook;
  const moves = own?.first ?? category?.runbook.first;
  const waiting = shipped.isPending || (failure !== null && entry.isPending);
  const source =
    own && entry.data ? (
      <TextLink href={`/${slug}/failures/${encodeURIComponent(entry.data.slug)}#runbook`}>{entry.data.name}</TextLink>
    ) : (
      category && <TextLink href={`/${slug}/failures?tab=catalogue#${category.slug}`}>{category.name}</TextLink>
    );
  return (
    <Panel title="First moves" right={source}>
      {waiting && !moves ? (
        <Loading what="the first moves" shape="rows" rows={3} />
      ) : moves ? (
        <ol className={s.moves}>
          {moves.map((move) => (
            <li key={move}>{move}</li>
          ))}
        </ol>
      ) : (
        <p className={s.absent}>
          {shipped.isError ? wordsOf(shipped.error) : "No runbook names this kind of failure. Write one in its entry."}
        </p>
      )}
    </Panel>
  );
}
