import type { EffectShape } from "@/lib/decisions/schema";
import type { IncidentEffect } from "@/lib/incidents/schema";
import { EffectStatus } from "../../decisions/effect-status";
import { CopyId } from "../../kit/copy";
import type { Column } from "../../kit/data-table";
import { Tag } from "../../kit/status";
import { Dim, Mono, TextLink } from "../../kit/text";
import { ExactTime } from "../../kit/time";
import { cx } from "../../kit/vars";
import { runHref } from "../../runs/list/columns";
import { VERDICTS } from "../words";
import s from "./detail.module.css";

export type OnTick = ((effect: IncidentEffect) => void) | undefined;
const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

function Found({ of }: { of: IncidentEffect }) {
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

export const effectColumns = (slug: string, onTick: OnTick): Column<IncidentEffect>[] => [
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
