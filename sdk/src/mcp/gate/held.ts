import type { ServerResponse } from "node:http";
import { Session, type SessionOptions } from "../session.js";
import { Exchange, event } from "./exchange.js";
import type { Link } from "./link.js";
import { passed, post, SESSION } from "./upstream.js";

export type HttpGate = {
  /** Host and port. */
  listen: string;
  /** Where the server is. */
  url: string;
  anyHost: boolean;
  /** Web pages that may call it; without an `Origin` anybody on this machine may. */
  origins: string[];
  link: () => Link;
  session: Omit<SessionOptions, "run">;
  log: (line: string) => void;
};
/** One session of MCP: one run. */
export type Held = {
  session: Session;
  link: Link;
  exchanges: Set<Exchange>;
  streams: Set<ServerResponse>;
  idle: ReturnType<typeof setTimeout> | undefined;
};
/** A client that went without a word: its run is over. */
const IDLE_MS = 30 * 60_000;

/** A session that begins: it is known by the id that the server gives it. */
export function holdNew(gate: HttpGate, sessions: Map<string, Held>, begins: boolean): Held {
  const link = gate.link();
  const session = new Session(
    {
      toClient: (m, context) => {
        if (context instanceof Exchange) return context.write(m);
        for (const stream of held.streams) stream.write(event(m));
      },
      toServer: (m, context) => {
        const exchange = context instanceof Exchange ? context : null;
        return post(gate.url, exchange ? passed(exchange.req.headers) : {}, m, {
          come: (one) => held.session.fromServer(one, context),
          head: (headers) => {
            const id = headers.get(SESSION);
            if (id !== null && exchange) exchange.headers[SESSION] = id;
            if (begins && m.method === "initialize") void begun(sessions, id ?? "", held);
          },
          refused: ({ status, headers, text }) => exchange?.refuse(status, headers, text),
        });
      },
    },
    { ...gate.session, outlives: true, run: link.run },
  );
  const held: Held = { session, link, exchanges: new Set(), streams: new Set(), idle: undefined };
  return held;
}

/** A server that knows no sessions is one session at a time. */
async function begun(sessions: Map<string, Held>, id: string, held: Held): Promise<void> {
  const before = sessions.get(id);
  if (before === held) return;
  const left = before ? leave(sessions, id, "success") : null;
  sessions.set(id, held);
  await left;
}

/** Somebody is there: the idle clock starts anew. */
export function busy(sessions: Map<string, Held>, held: Held): void {
  clearTimeout(held.idle);
  held.idle = setTimeout(() => {
    if (held.streams.size > 0 || held.exchanges.size > 0) return busy(sessions, held);
    for (const [id, one] of sessions) if (one === held) void leave(sessions, id, "success");
  }, IDLE_MS);
  held.idle.unref();
}

/** The session is over, and with it its run. */
export async function leave(
  sessions: Map<string, Held>,
  id: string,
  stopReason: "success" | "cancelled",
): Promise<void> {
  const held = sessions.get(id);
  if (!held) return;
  for (const [name, one] of sessions) if (one === held) sessions.delete(name);
  clearTimeout(held.idle);
  held.session.close(new Error("The session is over."));
  for (const stream of held.streams) stream.end();
  const { exhausted } = held.session;
  if (exhausted) await held.link.finish(exhausted.stopReason, exhausted);
  else await held.link.finish(stopReason);
}
