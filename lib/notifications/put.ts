import { randomBytes } from "node:crypto";
import type { Ctx } from "../platform/ctx";
import { Failure, notFound } from "../platform/errors";
import { seal } from "../platform/seal";
import { writeSql } from "../platform/verb";
import {
  type ChannelInput,
  type ChannelWritten,
  deleteChannelInput,
  PAGERDUTY_URL,
  putChannelInput,
  topicsOf,
} from "./schema";
import { type Secrets, secretsOf } from "./send";
import { plainShape, shapeOf } from "./shape";
import * as store from "./store/channels";
import { giveUp } from "./store/deliveries";

const required = (path: string, message: string): Failure =>
  new Failure("invalid_input", "The request is well-formed, but not valid.", { errors: [{ path, message }] });

/** Of a channel whose secret never came here, the address is all that is known. */
const keptOf = (before: store.Channel): Secrets =>
  before.sealed === null && before.target.url !== null ? { url: before.target.url } : (secretsOf(before.sealed) ?? {});

/** What is kept sealed: what was said now, else what was there. A key never follows an address to another place. */
function secretsFor(input: ChannelInput, before: store.Channel | null): Secrets {
  const kept = before?.kind === input.kind ? keptOf(before) : {};
  const url = input.url ?? kept.url;
  switch (input.kind) {
    case "slack":
      if (url === undefined) throw required("url", "The address of the incoming webhook is required.");
      return { url };
    case "webhook": {
      if (url === undefined) throw required("url", "An address is required.");
      const old = input.renew_secret ? undefined : kept.secret;
      return { url, secret: input.secret ?? old ?? `ilw_${randomBytes(24).toString("base64url")}` };
    }
    case "pagerduty": {
      const moved = (input.url ?? kept.url ?? PAGERDUTY_URL) !== (kept.url ?? PAGERDUTY_URL);
      const key = input.routing_key ?? (moved ? undefined : kept.routing_key);
      if (key === undefined)
        throw required(
          "routing_key",
          moved && kept.routing_key ? "Say it again: it goes to another address." : "An integration key is required.",
        );
      return { routing_key: key, ...(url === undefined ? {} : { url }) };
    }
    case "email":
      return {};
  }
}

function targetOf(input: ChannelInput, own: Secrets, before: store.Channel | null): store.Target {
  const to = input.to ?? (before?.kind === "email" ? before.target.to : []);
  if (input.kind === "email" && to.length === 0) throw required("to", "At least one address is required.");
  const url = own.url === undefined ? null : new URL(own.url);
  const place = url && (input.kind === "slack" ? url.origin : url.origin + url.pathname);
  const secret = input.kind === "slack" ? own.url : (own.secret ?? own.routing_key);
  return {
    url: input.kind === "pagerduty" ? (place ?? PAGERDUTY_URL) : place,
    to: input.kind === "email" ? to : [],
    tail: secret?.slice(-4) ?? null,
  };
}

export const nameOf = ({ actor }: Ctx): string => (actor.type === "key" ? actor.personName : actor.name);

/** A whole channel; an address or secret that is left out stays as it was. @throws Failure `invalid_input` */
export const putChannel = writeSql("channel.put", {
  needs: "notifications.write",
  input: putChannelInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.locked(tx, ctx.environmentId, input.slug);
    const secrets = secretsFor(input, before);
    const had = before?.kind === "webhook" ? secretsOf(before.sealed)?.secret : undefined;
    const made = input.kind === "webhook" && input.secret === undefined && secrets.secret !== had;
    const next: store.Channel = {
      environmentId: ctx.environmentId,
      slug: input.slug,
      kind: input.kind,
      name: input.name,
      enabled: input.enabled,
      minSeverity: input.min_severity,
      topics: input.topics ?? topicsOf(input.kind),
      agentIds: input.agent_ids,
      target: targetOf(input, secrets, before),
      sealed: input.kind === "email" ? null : seal(secrets),
    };
    await store.putChannel(tx, { ...next, by: nameOf(ctx) });
    if (!next.enabled) await giveUp(tx, ctx.environmentId, next.slug, "The channel was switched off.");
    const [row] = await store.channelsOf(tx, ctx.environmentId, input.slug);
    if (!row) throw notFound("channel");
    const value: Omit<ChannelWritten, "audit_row"> & { created: boolean } = {
      ...shapeOf(row),
      secret: made ? (secrets.secret ?? null) : null,
      created: before === null,
    };
    return {
      value,
      audit: {
        target: { type: "channel", id: input.slug },
        summary: `set channel ${input.slug} (${input.kind})${next.enabled ? "" : ", switched off"}`,
        before: before ? plainShape(before) : undefined,
        after: plainShape(next),
      },
    };
  },
});

/** What still waits for it is given up. @throws Failure `not_found` */
export const deleteChannel = writeSql("channel.delete", {
  needs: "notifications.write",
  input: deleteChannelInput,
  run: async ({ tx, ctx, input }) => {
    const before = await store.locked(tx, ctx.environmentId, input.slug);
    if (!before || !(await store.deleteChannel(tx, ctx.environmentId, input.slug))) throw notFound("channel");
    await giveUp(tx, ctx.environmentId, input.slug, "The channel was deleted.");
    return {
      value: { slug: input.slug, deleted: true },
      audit: {
        target: { type: "channel", id: input.slug },
        summary: `deleted channel ${input.slug}${input.reason ? `: ${input.reason}` : ""}`,
        before: plainShape(before),
      },
    };
  },
});
