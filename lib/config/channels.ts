import { type ChannelPlain, plainChannels, writePlainChannel } from "../notifications";
import { channelInput, PAGERDUTY_URL, topicsOf } from "../notifications/schema";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import { parse } from "../platform/verb";
import { type Add, type Fields, planKind, said } from "./plan";
import type { ChannelFile, ConfigFile } from "./schema";

const shown = (c: ChannelPlain): Fields => said({ ...c });

/** Where people are told, without anything secret. */
export async function ownChannels(tx: Sql, environmentId: string): Promise<Map<string, Fields>> {
  const channels = await plainChannels(tx, environmentId);
  return new Map([...channels].map(([slug, c]) => [slug, shown(c)]));
}

const no = (path: string, message: string): Failure =>
  new Failure("invalid_input", "The channel is not valid.", { errors: [{ path, message }] });

/** What is secret has no place in the file, and what is needed besides it must stand there. */
function ready(slug: string, c: ChannelFile): { slug: string; channel: ChannelPlain } {
  parse(channelInput, { slug });
  if (c.kind === "slack" && c.url !== undefined)
    throw no("url", "The address of an incoming webhook is a secret: set it in the channel, not in a file.");
  if (c.url !== undefined && c.kind === "email") throw no("url", "A channel of kind email has no url.");
  if (c.url !== undefined && /[?#]/.test(c.url))
    throw no("url", "Without what follows the path: set that in the channel, it may be secret.");
  if (c.to !== undefined && c.kind !== "email") throw no("to", `A channel of kind ${c.kind} has no to.`);
  if (c.kind === "email" && c.to === undefined) throw no("to", "At least one address is required.");
  if (c.kind === "webhook" && c.url === undefined) throw no("url", "An address is required.");
  const { topics = topicsOf(c.kind), url = null, to = [], ...rest } = c;
  const place = url === null ? null : new URL(url).origin + new URL(url).pathname;
  return { slug, channel: { ...rest, topics, url: place === PAGERDUTY_URL ? null : place, to } };
}

export async function planChannels(tx: Sql, environmentId: string, file: ConfigFile, add: Add): Promise<void> {
  if (!file.channels) return;
  planKind(
    file.channels,
    {
      kind: "channel",
      section: "channels",
      known: await ownChannels(tx, environmentId),
      ready,
      shown: ({ channel }) => shown(channel),
      write: (t, c, { slug, channel }) => writePlainChannel(t, c, slug, channel),
    },
    add,
  );
}
