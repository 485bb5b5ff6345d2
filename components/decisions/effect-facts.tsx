"use client";

import type { EffectShape } from "@/lib/decisions/schema";
import { usePlace } from "../frame/place";
import { CopyId } from "../kit/copy";
import { counted } from "../kit/numbers";
import { KeyValue, Panel } from "../kit/panel";
import { Mono, TextLink } from "../kit/text";
import { ExactTime } from "../kit/time";
import { ExternalId } from "./effect-columns";
import { EffectStatus } from "./effect-status";

/** What the ledger knows of a write that needs nobody. */
export function EffectFacts({ effect }: { effect: EffectShape }) {
  const { slug } = usePlace().environment;
  return (
    <Panel title="In the ledger" right={<EffectStatus status={effect.status} />}>
      <KeyValue
        padded
        items={[
          { term: "Kind", value: effect.effect },
          { term: "Connector", value: effect.connector ? <Mono>{effect.connector}</Mono> : "–" },
          { term: "External id", value: <ExternalId effect={effect} /> },
          {
            term: "Claimed",
            value: (
              <>
                <ExactTime at={effect.claimed_at} /> UTC, {counted(effect.attempts, "attempt")}
              </>
            ),
          },
          {
            term: "Settled",
            value: effect.settled_at ? (
              <>
                <ExactTime at={effect.settled_at} /> UTC,{" "}
                {effect.settled_by ? `by ${effect.settled_by}` : "by its result"}
              </>
            ) : (
              "not yet"
            ),
          },
          ...(effect.settle_reason ? [{ term: "Because", value: effect.settle_reason }] : []),
          {
            term: "Asked again",
            value: effect.replays === 0 ? "never" : `${counted(effect.replays, "time")}, answered from here`,
          },
          {
            term: "Undone by",
            value: effect.compensation ? <Mono>{effect.compensation.tool}</Mono> : "nothing is named",
          },
          ...(effect.approval_id
            ? [
                {
                  term: "Approval",
                  value: (
                    <TextLink mono href={`/${slug}/approvals/${encodeURIComponent(effect.approval_id)}`}>
                      {effect.approval_id}
                    </TextLink>
                  ),
                },
              ]
            : []),
          { term: "Key", value: <CopyId id={effect.key} name="idempotency key" head={18} tail={6} /> },
          { term: "Effect", value: <CopyId id={effect.effect_id} name="effect id" /> },
        ]}
      />
    </Panel>
  );
}
