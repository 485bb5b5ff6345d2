import { announce } from "../platform/announce";
import { log } from "../platform/log";
import { get } from "../platform/outbound";
import { inTransaction } from "../platform/verb";
import { tendAlarm } from "./alarm";
import { seenIn } from "./marker";
import * as store from "./store";

const TIMEOUT_MS = 10_000;
const MAX_PAGE = 256 * 1024;
const A_TICK = 24;
const AT_ONCE = 8;

/** Asks one target who it is. What does not answer proves nothing. */
async function ask(t: store.DueTarget): Promise<Omit<store.CheckRow, "at">> {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const { status, headers, text, over } = await get(t.url, { timeoutMs: TIMEOUT_MS, maxAnswer: MAX_PAGE });
    const marker = { kind: t.markerKind, name: t.markerName, value: t.markerValue };
    const seen = seenIn(marker, { status, text, over, header: (name) => headers.get(name) });
    return { ...seen, status, latency_ms: took() };
  } catch (err) {
    const error = (err as Error).message.slice(0, 500);
    return { ok: false, matched: null, found: null, error, status: null, latency_ms: took() };
  }
}

async function look(t: store.DueTarget): Promise<void> {
  const check = await ask(t);
  await inTransaction(async (tx) => {
    if (await store.addCheck(tx, t, check)) await tendAlarm(tx, t.environmentId, t.slug);
  });
  announce(t.environmentId, "readiness", "alerts");
}

/** Looks at the targets that are due, a few at once. */
export async function lookAtTargets(): Promise<void> {
  const due = await inTransaction((tx) => store.claimDue(tx, A_TICK));
  for (let n = 0; n < due.length; n += AT_ONCE)
    await Promise.all(
      due
        .slice(n, n + AT_ONCE)
        .map((t) => look(t).catch((err: Error) => log.warn({ err: err.message }, "a target's check was not written"))),
    );
}
