import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { assertMay } from "../../platform/authz";
import type { Ctx } from "../../platform/ctx";
import { nothing } from "../../tenancy/schema";
import type { Call, Endpoint } from "../endpoint";
import { onEvents } from "../events";
import { openStream } from "../sse";

async function stream(ctx: Ctx, _input: unknown, call: Call): Promise<Response> {
  assertMay(ctx, "runs.read");
  const out = openStream(call.env.outgoing, "events", () => "here", {});
  // A comment is invisible to a page; an event tells it that silence is not a lost connection.
  const alive = setInterval(() => out.write("event: alive\ndata: {}\n\n"), 15_000);
  const stop = onEvents(ctx.environmentId, (topics) =>
    out.write(`event: change\ndata: ${JSON.stringify({ topics })}\n\n`),
  );
  void out.closed.then(() => {
    clearInterval(alive);
    stop();
  });
  out.write("event: alive\ndata: {}\n\n");
  return RESPONSE_ALREADY_SENT;
}

export const eventRoutes: Endpoint[] = [
  {
    method: "get",
    path: "/events",
    tag: "console",
    summary: "What has changed, for open pages; at most 2 a second",
    input: nothing,
    run: stream,
  },
];
