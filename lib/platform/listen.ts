import pg from "pg";
import { env } from "./env";
import { log } from "./log";

/**
 * One connection of its own that listens, for as long as the process lives. Notifications sent while it was away are lost:
 * `onReconnect` is where the listener reads again what it may have missed.
 * @returns stop
 */
export function listen(
  channels: Record<string, (payload: string) => void>,
  onReconnect: () => void,
): { stop: () => Promise<void>; connected: () => boolean } {
  let client: pg.Client | undefined;
  let stopped = false;
  let up = false;
  let delayMs = 250;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: env().DATABASE_URL,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = next;
    next.on("notification", ({ channel, payload }) => channels[channel]?.(payload ?? ""));
    next.on("error", (err) => log.warn({ err: err.message }, "the listening connection was lost"));
    next.on("end", () => {
      up = false;
      if (!stopped) setTimeout(() => void connect(), delayMs);
      delayMs = Math.min(delayMs * 2, 2_000);
    });
    try {
      await next.connect();
      for (const channel of Object.keys(channels)) await next.query(`listen ${channel}`);
      up = true;
      delayMs = 250;
      onReconnect();
    } catch (err) {
      log.warn({ err: String(err) }, "cannot listen yet");
      await next.end().catch(() => undefined);
    }
  };
  void connect();
  return {
    connected: () => up,
    stop: async () => {
      stopped = true;
      await client?.end().catch(() => undefined);
    },
  };
}
