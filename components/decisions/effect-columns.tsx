import type { EffectShape } from "@/lib/decisions/schema";
import { CopyId } from "../kit/copy";
import type { Column } from "../kit/data-table";
import { counted } from "../kit/numbers";
import { Cut, Dim, Meta, Mono, TextLink } from "../kit/text";
import { Duration, ExactTime } from "../kit/time";
import { EffectStatus } from "./effect-status";
import s from "./run-tabs.module.css";

/** A link that came from outside opens only where it is one of the web. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url);

export function ExternalId({ effect }: { effect: EffectShape }) {
  const { external_id: id, url, status } = effect;
  const text = id ?? (url && isWeb(url) ? "open" : null);
  if (text === null) return <Dim>{status === "unknown" ? "none came back" : "–"}</Dim>;
  if (!url || !isWeb(url)) return <Mono>{text}</Mono>;
  return (
    <a href={url} target="_blank" rel="noreferrer" className={s.link}>
      <Mono>{text}</Mono>
    </a>
  );
}

const inFence = ({ status }: EffectShape): boolean => status === "prepared";

/** One line on what stands open. */
function Standing({ effect }: { effect: EffectShape }) {
  if (inFence(effect))
    return (
      <Meta>
        in a fence for <Duration since={effect.claimed_at} form="prose" />
      </Meta>
    );
  if (effect.settled_by) return <Meta>settled by {effect.settled_by}</Meta>;
  return null;
}

export const effectColumns = (slug: string): Column<EffectShape>[] => [
  { id: "status", header: "Effect", card: "state", cell: (row) => <EffectStatus status={row.status} /> },
  { id: "tool", header: "Tool", card: "title", cell: (row) => <Mono>{row.tool}</Mono> },
  {
    id: "key",
    header: "Idempotency key",
    cell: (row) => <CopyId id={row.key} name="idempotency key" head={20} tail={4} />,
  },
  { id: "external", header: "External id", cell: (row) => <ExternalId effect={row} /> },
  {
    id: "attempts",
    header: "Attempts",
    align: "right",
    cell: (row) => (
      <>
        {row.attempts}
        {row.replays > 0 && <Dim>, {counted(row.replays, "replay")}</Dim>}
      </>
    ),
  },
  { id: "claimed", header: "Claimed", dim: true, cell: (row) => <ExactTime at={row.claimed_at} /> },
  {
    id: "undo",
    header: "Compensation",
    cell: (row) =>
      row.compensation ? (
        <Cut className={s.rule} title={row.compensation.tool}>
          <Mono>{row.compensation.tool}</Mono>
        </Cut>
      ) : (
        <Dim>–</Dim>
      ),
  },
  {
    id: "approval",
    header: "Approval",
    cell: (row) =>
      row.approval_id ? (
        <TextLink
          href={`/${slug}/approvals/${encodeURIComponent(row.approval_id)}`}
          label={`The approval of this ${row.tool}`}
        >
          approved
        </TextLink>
      ) : (
        <Dim>–</Dim>
      ),
  },
  {
    id: "standing",
    header: "Standing",
    quietHead: true,
    align: "right",
    card: "foot",
    cell: (row) => <Standing effect={row} />,
  },
];
