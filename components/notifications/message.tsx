"use client";

import type { ChannelShape, DeliveryShape } from "@/lib/notifications/schema";
import { usePlace } from "../frame/place";
import { CopyId } from "../kit/copy";
import { KeyValue } from "../kit/panel";
import { Severity } from "../kit/status";
import { TextLink } from "../kit/text";
import { ExactTime, RelativeTime } from "../kit/time";
import { FormDialog } from "../tenancy/dialog";
import { To } from "./log-columns";
import s from "./notifications.module.css";
import { DeliveryStatus } from "./parts";
import { answerOf } from "./words";

/** What was said, and what came of it. */
export function MessageDialog(props: { of: DeliveryShape; channels: ChannelShape[]; onClose: () => void }) {
  const { of, channels, onClose } = props;
  const { slug } = usePlace().environment;
  return (
    <FormDialog opened onClose={onClose} title={of.title} size={600}>
      {of.text !== "" && <p className={s.text}>{of.text}</p>}
      <KeyValue
        items={[
          ...of.facts.map((f) => ({ term: f.label, value: f.value })),
          ...(of.path && of.topic !== "test"
            ? [{ term: "Leads to", value: <TextLink href={`/${slug}${of.path}`}>{of.path}</TextLink> }]
            : []),
        ]}
      />
      <hr className={s.line} />
      <KeyValue
        items={[
          { term: "To", value: <To slug={of.channel} channels={channels} /> },
          { term: "About", value: of.event ? `${of.topic}, ${of.event}` : of.topic },
          ...(of.severity ? [{ term: "Severity", value: <Severity level={of.severity} /> }] : []),
          { term: "State", value: <DeliveryStatus state={of.state} /> },
          { term: "Answer", value: of.digest_id ? "told by a digest" : answerOf(of) },
          { term: "Attempts", value: String(of.attempts) },
          { term: "Queued", value: <ExactTime at={of.created_at} full /> },
          { term: "Delivered", value: of.sent_at ? <ExactTime at={of.sent_at} full /> : "–" },
          ...(of.state === "failed" && of.next_at
            ? [{ term: "Tried next", value: <RelativeTime at={of.next_at} /> }]
            : []),
          ...(of.digest_id ? [{ term: "Digest", value: <CopyId id={of.digest_id} name="Digest id" /> }] : []),
          { term: "Delivery", value: <CopyId id={of.delivery_id} name="Delivery id" full /> },
        ]}
      />
    </FormDialog>
  );
}
