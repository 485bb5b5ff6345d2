import type { Api } from "../api.js";
import { backoff, Scope, sleep } from "../time.js";
import type { ControlState } from "../wire.js";
import { events } from "./sse.js";

/** Comments come every 15 s: a stream that is silent for longer is dead. */
const SILENCE_MS = 40_000;
/** The state is sent at once: a stream that brings nothing is held back by somebody on the way. */
const FIRST_EVENT_MS = 10_000;
const WAIT_S = 25;
/** An agent whose server is back should not stay stale for long. */
const RECONNECT_MS = 4_000;
/** Where the stream does not come through, so many polls before it is tried again. */
const POLLS = 20;

export type Heard = {
  /** The state that holds from now on, and how old the server's knowledge of it is, in seconds. */
  state: (state: ControlState, ageS: number) => void;
  /** Nothing has changed; `revision` is the one to name from now on. */
  same: (ageS: number, revision: number | null) => void;
  revision: () => number | null;
  pollAfterS: () => number;
  connected: (how: "stream" | "long poll" | "poll") => void;
  lost: (why: string) => void;
};
type Came = "events" | "nothing" | "buffered" | "refused";

/** Follows what holds one caller until the signal is aborted: by stream, else by long poll, else by plain poll. */
export async function follow(api: Api, who: Record<string, string>, heard: Heard, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; ) {
    const came = await stream(api, who, heard, signal);
    if (came === "buffered") await polls(api, who, heard, signal);
    attempt = came === "events" ? 0 : attempt + 1;
    await sleep(backoff(attempt, RECONNECT_MS), signal).catch(() => undefined);
  }
}

async function stream(api: Api, who: Record<string, string>, heard: Heard, signal: AbortSignal): Promise<Came> {
  const scope = new Scope(signal);
  scope.within(FIRST_EVENT_MS, () => new Error("nothing came"));
  let came: Came = "nothing";
  try {
    const answer = await api.settings.fetch(`${api.settings.url}/api/v1/control/stream?${new URLSearchParams(who)}`, {
      headers: api.headers({ accept: "text/event-stream" }),
      signal: scope.signal,
    });
    if (!answer.ok || !answer.body) {
      heard.lost(`the stream was answered with ${answer.status}`);
      await answer.body?.cancel();
      return answer.status === 404 || answer.status === 405 ? "buffered" : "nothing";
    }
    if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return "buffered";
    let ageS = Number(answer.headers.get("age") ?? 0);
    for await (const { event, data, comment } of events(answer.body)) {
      scope.within(SILENCE_MS, () => new Error("silence"));
      const said = /Age:\s*(\d+)/.exec(comment);
      if (said) ageS = Number(said[1]);
      if (said) heard.same(ageS, null);
      if (event !== "control") continue;
      if (came !== "events") heard.connected("stream");
      came = "events";
      heard.state(JSON.parse(data) as ControlState, ageS);
      // Only the first event of a stream may be as old as its headers say: a later one is news.
      ageS = 0;
    }
    if (came === "events") heard.lost("the stream ended");
  } catch {
    if (came === "nothing" && scope.signal.aborted && !signal.aborted) return "buffered";
    if (!signal.aborted) heard.lost("the stream broke off");
  } finally {
    scope.release();
  }
  return came;
}

/** Asks once; with `waitS` the answer is held until something changes. @throws Error where nobody could say */
export async function poll(
  api: Api,
  who: Record<string, string>,
  heard: Heard,
  signal: AbortSignal,
  waitS = 0,
): Promise<void> {
  const revision = heard.revision();
  const query = new URLSearchParams(who);
  if (revision !== null) query.set("applied_revision", String(revision));
  if (waitS > 0) query.set("wait_s", String(waitS));
  const scope = new Scope(signal);
  scope.within((waitS + 10) * 1000, () => new Error("no answer in time"));
  try {
    const answer = await api.settings.fetch(`${api.settings.url}/api/v1/control?${query}`, {
      headers: api.headers(revision === null ? {} : { "if-none-match": `"${revision}"` }),
      signal: scope.signal,
    });
    const ageS = Number(answer.headers.get("age") ?? 0);
    if (answer.status === 304) heard.same(ageS, Number(answer.headers.get("etag")?.replaceAll(/\D/g, "")) || null);
    else if (answer.ok) heard.state((await answer.json()) as ControlState, ageS);
    else {
      await answer.body?.cancel();
      throw new Error(`the poll was answered with ${answer.status}`);
    }
  } finally {
    scope.release();
  }
}

async function polls(api: Api, who: Record<string, string>, heard: Heard, signal: AbortSignal): Promise<void> {
  let long = true;
  for (let n = 0; n < POLLS && !signal.aborted; n++) {
    const began = performance.now();
    try {
      // The first is answered at once: the agent waits for what holds.
      await poll(api, who, heard, signal, long && n > 0 ? WAIT_S : 0);
      heard.connected(long ? "long poll" : "poll");
    } catch (err) {
      // A proxy that cuts long requests lets short ones through.
      if (long && performance.now() - began > 5_000) long = false;
      if (!signal.aborted) heard.lost(err instanceof Error ? err.message : "the poll broke off");
      await sleep(backoff(n, RECONNECT_MS), signal).catch(() => undefined);
    }
    if (!long) await sleep(heard.pollAfterS() * 1000 * (0.8 + Math.random() * 0.4), signal).catch(() => undefined);
  }
}
