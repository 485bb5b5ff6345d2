import type { ChannelShape, DeliveryShape } from "@/lib/notifications/schema";
import type { Column } from "../kit/data-table";
import { Severity } from "../kit/status";
import { Dim, Mono, TextLink } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";
import t from "../tenancy/tenancy.module.css";
import s from "./notifications.module.css";
import { DeliveryStatus, KindIcon } from "./parts";
import { answerOf } from "./words";

export function To({ slug, channels }: { slug: string; channels: ChannelShape[] }) {
  const found = channels.find((c) => c.slug === slug);
  return (
    <span className={s.name}>
      {found && <KindIcon kind={found.kind} />}
      <span className={s.words}>
        {found ? found.name : <Dim title="This channel was deleted">{slug}, deleted</Dim>}
      </span>
    </span>
  );
}

/** Where the message led: a page of this environment, where there is one. */
const What = ({ d, slug }: { d: DeliveryShape; slug: string }) =>
  d.path && d.topic !== "test" ? (
    <span className={s.what} title={d.title}>
      <TextLink href={`/${slug}${d.path}`} plain>
        {d.title}
      </TextLink>
    </span>
  ) : (
    <span className={s.what} title={d.title}>
      {d.title}
    </span>
  );

function Answer({ d }: { d: DeliveryShape }) {
  if (d.digest_id !== null && d.attempts === 0) return <Dim>told by a digest</Dim>;
  if (d.state === "failed" && d.next_at)
    return (
      <span title={d.last_error ?? undefined}>
        <Mono>{d.last_status ?? "no answer"}</Mono>, next <RelativeTime at={d.next_at} />
      </span>
    );
  return (
    <span className={s.answer} title={d.last_error ?? undefined}>
      <Mono>{answerOf(d)}</Mono>
    </span>
  );
}

export const mayRetry = (d: DeliveryShape): boolean =>
  (d.state === "failed" || d.state === "dead") && d.digest_id === null;

type Acts = {
  slug: string;
  channels: ChannelShape[];
  allowed: boolean;
  running: string | null;
  onShow: (d: DeliveryShape) => void;
  onRetry: (d: DeliveryShape) => void;
};
export const logColumns = ({ slug, channels, allowed, running, onShow, onRetry }: Acts): Column<DeliveryShape>[] => [
  { id: "at", header: "Time", dim: true, card: "fact", cell: (d) => <ExactTime at={d.created_at} /> },
  { id: "what", header: "What", card: "title", cell: (d) => <What d={d} slug={slug} /> },
  {
    id: "severity",
    header: "Severity",
    cell: (d) => (d.severity ? <Severity level={d.severity} /> : <Dim>–</Dim>),
  },
  { id: "to", header: "To", cell: (d) => <To slug={d.channel} channels={channels} /> },
  { id: "state", header: "State", card: "state", cell: (d) => <DeliveryStatus state={d.state} /> },
  { id: "answer", header: "Answer", dim: true, card: "foot", cell: (d) => <Answer d={d} /> },
  { id: "attempts", header: "Attempts", align: "right", cell: (d) => d.attempts },
  {
    id: "acts",
    header: "Acts",
    quietHead: true,
    align: "right",
    card: "foot",
    cell: (d) => (
      <span className={s.acts}>
        {allowed && mayRetry(d) && (
          <button type="button" className={t.link} disabled={running === d.delivery_id} onClick={() => onRetry(d)}>
            Try now<span className="il-sr">: {d.title}</span>
          </button>
        )}
        <button type="button" className={t.link} onClick={() => onShow(d)}>
          Message<span className="il-sr">: {d.title}</span>
        </button>
      </span>
    ),
  },
];
