import type { z } from "zod";
import type { Sql } from "../platform/db/pool";
import type { settingsBody } from "./schema";
import * as store from "./store";

type Body = Required<z.output<typeof settingsBody>>;

export async function settingsOf(tx: Sql, environmentId: string): Promise<Body> {
  const { settings: s } = await store.load(tx, environmentId);
  const { drill } = await store.schedule(tx, environmentId);
  return {
    ttl_s: s.ttlS,
    on_stale: s.onStale,
    poll_after_s: s.pollAfterS,
    safe_mode_tools: [...s.safeModeTools],
    drill,
  };
}

/** In the caller's transaction, which audits it. */
export async function writeSettings(
  tx: Sql,
  environmentId: string,
  body: z.output<typeof settingsBody>,
): Promise<void> {
  const revision = await store.nextRevision(tx, environmentId);
  await store.configure(tx, environmentId, revision, {
    ttlS: body.ttl_s,
    onStale: body.on_stale,
    pollAfterS: body.poll_after_s,
    safeModeTools: body.safe_mode_tools,
    drill: body.drill,
  });
}
