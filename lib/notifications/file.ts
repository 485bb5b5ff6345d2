import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { seal } from "../platform/seal";
import { nameOf } from "./put";
import { type ChannelKind, type NotifySeverity, type NotifyTopic, PAGERDUTY_URL } from "./schema";
import { secretsOf } from "./send";
import * as store from "./store/channels";
import { giveUp } from "./store/deliveries";

/** A channel without anything secret. `url`: of Slack never, for it is the secret; of PagerDuty where it is not the usual one. */
export type ChannelPlain = {
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  min_severity: NotifySeverity;
  topics: NotifyTopic[];
  agent_ids: string[];
  url: string | null;
  to: string[];
};

const plainUrl = ({ kind, target: { url } }: store.Channel): string | null =>
  kind === "webhook" || (kind === "pagerduty" && url !== PAGERDUTY_URL) ? url : null;
const plainOf = (c: store.Channel): ChannelPlain => ({
  kind: c.kind,
  name: c.name,
  enabled: c.enabled,
  min_severity: c.minSeverity,
  topics: c.topics,
  agent_ids: c.agentIds,
  url: plainUrl(c),
  to: c.target.to,
});

/** Every channel of the environment, by its slug. */
export async function plainChannels(tx: Sql, environmentId: string): Promise<Map<string, ChannelPlain>> {
  const rows = await store.channelsOf(tx, environmentId, null);
  return new Map(rows.map((c) => [c.slug, plainOf(c)]));
}

type Kept = Pick<store.Channel, "sealed"> & { url: string | null; tail: string | null };
/** What stays of its secret: all of it at the same place, of a webhook the secret alone at another; else it waits for its own. */
function keptOf(c: ChannelPlain, before: store.Channel | null): Kept {
  const url = c.kind === "pagerduty" ? (c.url ?? PAGERDUTY_URL) : c.url;
  if (before?.kind !== c.kind || before.sealed === null) return { sealed: null, url, tail: null };
  const { sealed, target } = before;
  if (plainUrl(before) === c.url) return { sealed, url: target.url, tail: target.tail };
  const secret = c.kind === "webhook" && c.url !== null ? secretsOf(sealed)?.secret : undefined;
  return secret === undefined
    ? { sealed: null, url, tail: null }
    : { sealed: seal({ url: c.url, secret }), url, tail: target.tail };
}

/** In the caller's transaction, which audits it. One whose secret is not known here sends nothing until somebody sets it. */
export async function writePlainChannel(tx: Sql, ctx: Ctx, slug: string, c: ChannelPlain): Promise<void> {
  const kept = keptOf(c, await store.locked(tx, ctx.environmentId, slug));
  await store.putChannel(tx, {
    environmentId: ctx.environmentId,
    slug,
    kind: c.kind,
    name: c.name,
    enabled: c.enabled,
    minSeverity: c.min_severity,
    topics: c.topics,
    agentIds: c.agent_ids,
    target: { url: kept.url, to: c.to, tail: kept.tail },
    sealed: kept.sealed,
    by: nameOf(ctx),
  });
  if (!c.enabled) await giveUp(tx, ctx.environmentId, slug, "The channel was switched off.");
}
