import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import {
  acknowledge,
  acknowledgeCall,
  type Body,
  configureControls,
  getState,
  look,
  prepared,
  watch,
} from "../../controls";
import { ackInput, controlShape, type PollInput, pollInput, stateShape } from "../../controls/schema";
import type { Ctx } from "../../platform/ctx";
import { Failure } from "../../platform/errors";
import { parse } from "../../platform/verb";
import { type Call, type Endpoint, Reply, revisionHeader, verb } from "../endpoint";
import { keepHeard } from "../heard";
import { remember } from "../hot-poll";
import { holdOpen } from "../keys-open";
import { pollsHeld } from "../metrics";
import { openStream } from "../sse";

const tag = "control";
const keyOf = (ctx: Ctx): string | null => (ctx.actor.type === "key" ? ctx.actor.id : null);
/** Rounded up: a client may believe less than is true, never more. */
const age = (seconds: number): string => String(Math.ceil(seconds));

function revisionOf(header: string | undefined): number | null {
  const digits = header && /^(?:W\/)?"(\d{1,16})"$/.exec(header.trim())?.[1];
  return digits ? Number(digits) : null;
}

const full = (body: Body, ageS: number): Reply =>
  new Reply(200, body.json, {
    "content-type": "application/json",
    etag: body.etag,
    age: age(ageS),
    "cache-control": "no-cache",
    "interlock-control-revision": String(body.revision),
  });
const unchanged = (body: Body, ageS: number): Reply =>
  new Reply(304, null, { etag: body.etag, age: age(ageS), "interlock-control-revision": String(body.revision) });

async function poll(ctx: Ctx, raw: Record<string, unknown>, call: Call): Promise<Reply> {
  const input = parse(pollInput, raw);
  const known = revisionOf(call.req.header("if-none-match"));
  const { caller, answer } = await look(ctx, input, known);
  if (!input.wait_s) remember(call.env.incoming, prepared(ctx, input, caller));
  if (answer.changed) return full(answer.body, answer.age_s);
  if (!input.wait_s || known === null) return unchanged(answer.body, answer.age_s);
  const changed = await held(ctx, caller, input.wait_s * 1000, call);
  if (changed === "gone")
    throw new Failure("unavailable", "The control state could not be confirmed. Ask again.", { retryAfterS: 1 });
  // Whoever waited is told what holds now, and how fresh that is.
  const after = await look(ctx, input, known);
  return changed || after.answer.changed
    ? full(after.answer.body, after.answer.age_s)
    : unchanged(after.answer.body, after.answer.age_s);
}

/** Until something changes for this caller (true), the time is over (false), or nobody can say any more ("gone"). */
async function held(
  ctx: Ctx,
  caller: Awaited<ReturnType<typeof look>>["caller"],
  ms: number,
  call: Call,
): Promise<boolean | "gone"> {
  pollsHeld.inc();
  try {
    return await new Promise((resolve, reject) => {
      let stop = () => {};
      const done = (value: boolean | "gone") => {
        clearTimeout(timer);
        letGo();
        stop();
        resolve(value);
      };
      const timer = setTimeout(() => done(false), ms);
      const letGo = holdOpen(keyOf(ctx), () => done("gone"));
      call.env.outgoing.once("close", () => done(false));
      watch(ctx, { caller, tell: () => done(true), close: () => done("gone") }).then((watching) => {
        stop = watching.stop;
      }, reject);
    });
  } finally {
    pollsHeld.dec();
  }
}

async function stream(ctx: Ctx, raw: Record<string, unknown>, call: Call): Promise<Response> {
  const input: PollInput = parse(pollInput, raw);
  const last = Number(call.req.header("last-event-id") ?? Number.NaN);
  const { caller, answer } = await look(ctx, input, Number.isSafeInteger(last) ? last : null);
  const frames = new WeakMap<Body, string>();
  const frame = (body: Body) => {
    const known = frames.get(body) ?? `event: control\nid: ${body.revision}\ndata: ${body.json}\n\n`;
    frames.set(body, known);
    return known;
  };
  let fresh = () => answer.age_s;
  const out = openStream(call.env.outgoing, "control", () => `Age: ${age(fresh())}`, {
    age: age(answer.age_s),
    ...(await revisionHeader(ctx)),
  });
  const watching = await watch(ctx, { caller, tell: (body) => out.write(frame(body)), close: out.close });
  fresh = watching.ageS;
  const letGo = holdOpen(keyOf(ctx), out.close);
  const silence = keepHeard(() =>
    acknowledge(ctx, { instanceId: input.instance_id ?? null, revision: null, agentId: caller.agentId, runIds: [] }),
  );
  void out.closed.then(() => {
    watching.stop();
    letGo();
    silence();
  });
  // Between the look and the watch something may have moved: what holds now is said first.
  out.write(frame((await look(ctx, input, null)).answer.body));
  return RESPONSE_ALREADY_SENT;
}

export const controlRoutes: Endpoint[] = [
  {
    method: "get",
    path: "/control",
    tag,
    summary: "What agents poll",
    input: pollInput,
    output: controlShape,
    run: poll,
  },
  {
    method: "get",
    path: "/control/stream",
    tag,
    summary: "The same as server-sent events",
    input: pollInput,
    run: stream,
  },
  {
    method: "post",
    path: "/control/ack",
    tag,
    summary: "An instance says which revision it acts on",
    input: ackInput,
    status: 204,
    run: async (ctx, input) => acknowledgeCall(ctx, input),
  },
  verb(getState, {
    method: "get",
    path: "/control/state",
    tag,
    summary: "Mode, switches and obedience of the environment",
    output: stateShape,
  }),
  verb(configureControls, {
    method: "put",
    path: "/control/settings",
    tag,
    summary: "How fresh the control state must be, and what a stale agent does",
    tells: ["controls", "audit"],
  }),
];
