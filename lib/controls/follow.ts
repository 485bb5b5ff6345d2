import { listen } from "../platform/listen";
import { log } from "../platform/log";
import { flushAcknowledgements } from "./acknowledge";
import { closeStale, confirmAll, knownState, refresh } from "./snapshot";
import { CONTROL_CHANNEL } from "./store";

const CONFIRM_MS = 1_000;
const FLUSH_MS = 200;

type Channels = Record<string, (payload: string) => void>;

/**
 * Keeps this process's control state true: notifications move it at once, a look each second moves it when one was lost and
 * confirms it when nothing has changed.
 * @returns stop, and whether the listening connection is up
 */
export function follow(also: Channels = {}): { stop: () => Promise<void>; connected: () => boolean } {
  const warn = (what: string) => (err: unknown) => log.warn({ err: String(err) }, what);
  const moved = (payload: string) => {
    const [environmentId = "", revision] = payload.split(" ");
    const state = knownState(environmentId);
    if (state && Number(revision) > state.snapshot.revision)
      refresh(environmentId).catch(warn("control state could not be read"));
  };
  let confirming = false;
  const confirm = async () => {
    closeStale();
    if (confirming) return;
    confirming = true;
    await confirmAll().catch(warn("control state could not be confirmed"));
    confirming = false;
  };
  const listener = listen({ ...also, [CONTROL_CHANNEL]: moved }, () => void confirm());
  const timers = [
    setInterval(() => void confirm(), CONFIRM_MS),
    setInterval(() => void flushAcknowledgements(), FLUSH_MS),
  ];
  return {
    connected: listener.connected,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await flushAcknowledgements();
      await listener.stop();
    },
  };
}
