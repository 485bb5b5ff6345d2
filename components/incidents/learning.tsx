"use client";

import { useElementSize } from "@mantine/hooks";
import type { IncidentMetrics } from "@/lib/incidents/schema";
import { minutesWords } from "../failures/words";
import { usePlace } from "../frame/place";
import { type Column, DataTable } from "../kit/data-table";
import { duration } from "../kit/numbers";
import { Panel } from "../kit/panel";
import { Dim, Mono } from "../kit/text";
import s from "./incidents.module.css";
import { DAYS } from "./queries";
import { incidentHref } from "./words";

const HEIGHT = 132;
const MIDDLE = 66;
const MOST = 24;
const STEP = 64;

/** How far off the prediction of each was: above the line late, below early. Where we are bad at foreseeing, we learn. */
export function Gaps({ of }: { of: IncidentMetrics }) {
  const { slug } = usePlace().environment;
  const { ref, width } = useElementSize();
  const all = of.gaps.slice(-MOST);
  const fit = width > 0 ? Math.max(1, Math.floor((width - 8) / STEP)) : all.length;
  const items = all.slice(-fit);
  const most = Math.max(0.1, ...items.map((g) => Math.abs(g.minutes_early_or_late ?? 0)));
  return (
    <Panel title="Predicted against actual" sub="when its rule fired against what its entry foresaw; oldest first">
      <div className={s.gap}>
        <nav ref={ref} aria-label="Minutes early or late of each incident">
          {width > 0 && (
            <svg width={width} height={HEIGHT}>
              <title>Minutes early or late</title>
              <line className={s.zero} x1={0} x2={width} y1={MIDDLE} y2={MIDDLE} />
              {items.map((g, n) => {
                const gap = g.minutes_early_or_late;
                const tall = gap === null ? 24 : Math.max(2, (Math.abs(gap) / most) * 36);
                const up = gap === null || gap > 0;
                const x = n * STEP + 4;
                const word = !g.rule_fired ? "not fired" : gap === null ? "–" : minutesWords(gap);
                const side = gap === null ? "" : gap > 0 ? "late" : "early";
                return (
                  <a
                    key={`${g.incident_id} ${g.failure}`}
                    href={incidentHref(slug, g.incident_id)}
                    aria-label={`${g.incident_id}, ${g.failure}: ${word} ${side}`}
                  >
                    <rect
                      className={s.bar}
                      data-late={(gap !== null && gap > 0) || undefined}
                      data-none={gap === null || undefined}
                      x={x}
                      width={STEP - 20}
                      y={up ? MIDDLE - tall : MIDDLE}
                      height={tall}
                    />
                    <text className={s.axis} x={x} y={up ? MIDDLE - tall - 4 : MIDDLE + tall + 12}>
                      {word}
                    </text>
                    <text className={s.axis} x={x} y={HEIGHT - 3}>
                      {g.incident_id}
                    </text>
                  </a>
                );
              })}
            </svg>
          )}
        </nav>
        <Dim>Above the line late, below early; dashed where its rule did not fire, or nothing was predicted.</Dim>
      </div>
    </Panel>
  );
}

type Category = IncidentMetrics["categories"][number];
const COLUMNS: Column<Category>[] = [
  {
    id: "category",
    header: "Category",
    card: "title",
    cell: (c) => (c.category ? <Mono>{c.category}</Mono> : <Dim>not said yet</Dim>),
  },
  { id: "n", header: "Incidents", align: "right", card: "fact", cell: (c) => c.incidents },
  { id: "again", header: "Recurrences", align: "right", card: "fact", cell: (c) => c.recurrences },
  { id: "detect", header: "To detect", align: "right", card: "fact", cell: (c) => duration(c.to_detect.median_s) },
  { id: "stop", header: "To stop", align: "right", card: "fact", cell: (c) => duration(c.to_stop.median_s) },
  { id: "over", header: "To resolve", align: "right", card: "fact", cell: (c) => duration(c.to_resolve.median_s) },
];
export function ByCategory({ of }: { of: IncidentMetrics }) {
  return (
    <Panel title="By category" sub={`${DAYS} days, medians`}>
      <DataTable
        label="Incidents by category"
        dense
        cards
        rows={of.categories}
        rowId={(c) => c.category ?? ""}
        columns={COLUMNS}
      />
    </Panel>
  );
}
