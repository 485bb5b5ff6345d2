import {
  deleteChannel,
  getChannel,
  listChannels,
  listDeliveries,
  putChannel,
  retryDelivery,
  testChannel,
} from "../../notifications";
import {
  channelInput,
  channelShape,
  channelsShape,
  channelWrittenShape,
  deliveriesShape,
  retriedShape,
  testShape,
} from "../../notifications/schema";
import type { Ctx } from "../../platform/ctx";
import { type Endpoint, Reply, verb } from "../endpoint";

const tag = "notifications";
const tells = ["notifications", "audit"] as const;

/** 201 where it was made by this call. */
async function put(ctx: Ctx, raw: Record<string, unknown>) {
  const { created, ...written } = await putChannel(ctx, raw as never);
  return created ? Reply.json(201, written) : written;
}

export const notificationRoutes: Endpoint[] = [
  verb(listChannels, {
    method: "get",
    path: "/channels",
    tag,
    summary: "Where people are told, and what came of it lately",
    output: channelsShape,
  }),
  verb(getChannel, { method: "get", path: "/channels/{slug}", tag, summary: "One channel", output: channelShape }),
  {
    ...verb(putChannel, {
      method: "put",
      path: "/channels/{slug}",
      tag,
      summary: "Write a channel; a secret that is left out stays",
      output: channelWrittenShape,
      tells,
    }),
    run: put,
  },
  verb(deleteChannel, { method: "delete", path: "/channels/{slug}", tag, summary: "Delete a channel", tells }),
  {
    method: "post",
    path: "/channels/{slug}/test",
    tag,
    summary: "Send a real test message, and wait for what comes of it",
    input: channelInput,
    output: testShape,
    tells,
    run: (ctx, input) => testChannel(ctx, input as never),
  },
  verb(listDeliveries, {
    method: "get",
    path: "/deliveries",
    tag,
    summary: "Each message for each channel, and what came of it; newest first",
    output: deliveriesShape,
  }),
  verb(retryDelivery, {
    method: "post",
    path: "/deliveries/{delivery_id}/retry",
    tag,
    summary: "Try a delivery that failed again, now",
    output: retriedShape,
    tells,
  }),
];
