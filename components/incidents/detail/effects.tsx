"use client";

import type { IncidentDetail } from "@/lib/incidents/schema";
import { usePlace } from "../../frame/place";
import { DataTable } from "../../kit/data-table";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { Strong } from "../../kit/text";
import s from "./detail.module.css";
import { effectColumns, type OnTick } from "./effect-columns";

/** Every write of its runs, from the ledger: a person looks at each, and says how it is. */
export function EffectsPanel({ of, onTick }: { of: IncidentDetail; onTick: OnTick }) {
  const { slug } = usePlace().environment;
  const { total, validated, fenced, items } = of.effects;
  if (total === 0)
    return (
      <Panel title="Side effects to validate">
        <Empty bare title="No write in its runs">
          {of.evidence.runs > 0
            ? "The ledger has no write of its runs, or of what they started. What an agent does past the gate is in no ledger."
            : "No run is named yet: add the runs that show it, and what they wrote stands here."}
        </Empty>
      </Panel>
    );
  return (
    <Panel
      title="Side effects to validate"
      sub={`${counted(total, "write")} by ${counted(of.evidence.runs, "run")}, from the ledger`}
      right={
        <span className={s.meta}>
          <Strong>
            {validated} of {total}
          </Strong>{" "}
          ticked by a person
        </span>
      }
      foot={
        <>
          <span>A tick says: I looked where it was written, and this is how it is.</span>
          <span>
            {items.length < total && `${items.length} of ${total} are listed, the rest follow. `}
            {fenced > 0 && `${counted(fenced, "write")} ${fenced === 1 ? "stands" : "stand"} in a fence`}
          </span>
        </>
      }
    >
      <DataTable
        label="Side effects to validate"
        cards
        columns={effectColumns(slug, onTick)}
        rows={items}
        rowId={(e) => e.effect_id}
        maxHeight={items.length > 24 ? "720px" : undefined}
        rowTone={(e) => (e.status === "unknown" && !e.validated ? "warn" : undefined)}
      />
    </Panel>
  );
}
