import { boundTo } from "../platform/authz";
import { notFound } from "../platform/errors";
import { decodeCursor, pageOf } from "../platform/page";
import { read } from "../platform/verb";
import { channelInput, listChannelsInput, listDeliveriesInput } from "./schema";
import { deliveryOut, shapeOf } from "./shape";
import { channelsOf } from "./store/channels";
import { deliveries } from "./store/log";

export const listChannels = read("channel.list", {
  needs: "notifications.read",
  input: listChannelsInput,
  run: async ({ tx, ctx }) => ({
    items: (await channelsOf(tx.sql, ctx.environmentId, null)).map(shapeOf),
    next_cursor: null,
  }),
});

/** @throws Failure `not_found` */
export const getChannel = read("channel.get", {
  needs: "notifications.read",
  input: channelInput,
  run: async ({ tx, ctx, input }) => {
    const [row] = await channelsOf(tx.sql, ctx.environmentId, input.slug);
    if (!row) throw notFound("channel");
    return shapeOf(row);
  },
});

/** The log, newest first. A key that is bound to tenants sees none of it: a message names agents alone. */
export const listDeliveries = read("delivery.list", {
  needs: "notifications.read",
  input: listDeliveriesInput,
  run: async ({ tx, ctx, input }) => {
    const { agents, tenants } = boundTo(ctx);
    const filter = {
      channel: input.channel ?? null,
      state: input.state ?? null,
      topic: input.topic ?? null,
      agents: tenants === null ? agents : [],
    };
    const page = { limit: input.limit, after: decodeCursor(input.cursor, 2) };
    const rows = await deliveries(tx.sql, ctx.environmentId, filter, page);
    return pageOf(rows, input.limit, (d) => [d.createdAt.toISOString(), d.deliveryId], deliveryOut);
  },
});
