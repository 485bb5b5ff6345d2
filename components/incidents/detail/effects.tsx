"use client";

import type { EffectShape } from "@/lib/decisions/schema";
import type { IncidentDetail, IncidentEffect } from "@/lib/incidents/schema";
import { EffectStatus } from "../../decisions/effect-status";
import { usePlace } from "../../frame/place";
import { CopyId } from "../../kit/copy";
import { type Column, DataTable } from "../../kit/data-table";
import { counted } from "../../kit/numbers";
import { Panel } from "../../kit/panel";
import { Empty } from "../../kit/states";
import { Tag } from "../../kit/status";
import { Dim, Mono, Strong, TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { cx } from "../../kit/vars";
import { runHref } from "../../runs/list/columns";
import { VERDICTS } from "../words";
import s from "./detail.module.css";

type OnTick = ((effect: IncidentEffect) => void) | undefined;
const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

export function Found({ of }: { of: IncidentEffect }) {
  const { tick } = of;
  if (!tick)
    return (
      <span className={s.two}>
        <Dim>not looked at</Dim>
        <small>nobody yet</small>
      </span>
    );
  return (
    <span className={cx(s.two, s.found)}>
      <span>
        {VERDICTS[tick.verdict].word}
        {tick.note && `: ${tick.note}`}{" "}
        {!of.validated && (
          <Tag tone="warn" title={`It was ${tick.status} when they looked`}>
            changed since
          </Tag>
        )}
      </span>
      <small>
        {tick.by}, <ExactTime at={tick.at} />
      </small>
    </span>
  );
}

const columns = (slug: string, onTick: OnTick): Column<IncidentEffect>[] => [
  {
    id: "done",
    header: "Done?",
    card: "state",
    width: "56px",
    cell: (e) => (
      <label className={s.tick} title={onTick ? undefined : "Nobody can tick it: you look on, or it is closed"}>
        <input type="checkbox" checked={e.validated} disabled={!onTick} onChange={() => onTick?.(e)} />
        <span className="il-sr">
          {e.tool} {e.external_id ?? ""} of {e.run_id} is validated
        </span>
      </label>
    ),
  },
  {
    id: "what",
    header: "Write",
    card: "title",
    cell: (e) => (
      <span className={s.two}>
        <Mono className={s.tool} title={e.tool}>
          {e.tool}
        </Mono>
        <small>
          {e.external_id ? (
            isWeb(e.url) ? (
              <a className={s.link} href={e.url} target="_blank" rel="noreferrer">
                {e.external_id}
              </a>
            ) : (
              e.external_id
            )
          ) : (
            "no id yet"
          )}
        </small>
      </span>
    ),
  },
  {
    id: "run",
    header: "Run",
    card: "fact",
    cell: (e) => (
      <span className={s.run}>
        <TextLink mono href={`${runHref(slug, e.run_id)}?tab=effects&effect=${encodeURIComponent(e.effect_id)}`}>
          {e.run_id}
        </TextLink>
      </span>
    ),
  },
  { id: "tenant", header: "Tenant", card: "fact", cell: (e) => e.tenant_id ?? <Dim>–</Dim> },
  {
    id: "status",
    header: "Effect",
    card: "fact",
    cell: (e) => <EffectStatus status={e.status as EffectShape["status"]} />,
  },
  { id: "found", header: "What a person found", card: "foot", cell: (e) => <Found of={e} /> },
  {
    id: "undo",
    header: "Compensation",
    card: "fact",
    cell: (e) =>
      e.compensation ? (
        <span className={s.two}>
          <Mono>{e.compensation.tool}</Mono>
          <small>
            <CopyId id={e.compensation.args_hash} name="hash of its arguments" head={6} tail={4} />
          </small>
        </span>
      ) : e.status === "unknown" ? (
        <TextLink href={`${runHref(slug, e.run_id)}?tab=effects&effect=${encodeURIComponent(e.effect_id)}`}>
          Settle…
        </TextLink>
      ) : (
        <Dim>none is known</Dim>
      ),
  },
];

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
        columns={columns(slug, onTick)}
        rows={items}
        rowId={(e) => e.effect_id}
        maxHeight={items.length > 24 ? "720px" : undefined}
        rowTone={(e) => (e.status === "unknown" && !e.validated ? "warn" : undefined)}
      />
    </Panel>
  );
}
