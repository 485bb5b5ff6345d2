import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import path from "node:path";
import { getRequestListener } from "@hono/node-server";
import { APPROVALS_CHANNEL, hearApproval } from "../lib/approvals";
import { follow } from "../lib/controls";
import { address, closeRevoked, createApp, hearEvent, hotPoll } from "../lib/http";
import { EVENTS_CHANNEL } from "../lib/platform/announce";
import { closePools } from "../lib/platform/db/pool";
import { env } from "../lib/platform/env";
import { log } from "../lib/platform/log";
import { flushUse } from "../lib/tenancy";
import { startIngest } from "./ingest-client";
import { VERSION } from "./version";

const REVOKED_MS = 2_000;
const USE_MS = 10_000;

const isOurs = (url: string): boolean =>
  (url.startsWith("/api/") && !url.startsWith("/api/auth/")) || url === "/metrics";

const HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "upgrade",
]);

/** Everything that is not the API goes to Next.js, over a socket that only this machine can open. */
function pass(socketPath: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const headers = {
    ...incoming.headers,
    "x-forwarded-host": incoming.headers.host,
    "x-forwarded-proto": incoming.headers["x-forwarded-proto"] ?? "http",
    "x-forwarded-for": address(incoming),
    "x-interlock-path": incoming.url ?? "/",
  };
  const upstream = request({ socketPath, path: incoming.url, method: incoming.method, headers }, (answer) => {
    const kept = Object.entries(answer.headers).filter(([name]) => !HOP.has(name));
    outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
    answer.pipe(outgoing);
  });
  upstream.once("error", () => {
    if (outgoing.headersSent) return void outgoing.destroy();
    outgoing.writeHead(503, { "content-type": "text/plain; charset=utf-8", "retry-after": "2" });
    outgoing.end("The console is starting. The agents' API answers; reload in a moment.\n");
  });
  outgoing.once("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

/** Only for development: Next.js tells the page what has changed over a web socket. */
function passUpgrade(socketPath: string, incoming: IncomingMessage, socket: Socket, head: Buffer): void {
  const upstream = request({ socketPath, path: incoming.url, method: "GET", headers: incoming.headers });
  upstream.once("upgrade", (answer, other, rest) => {
    // Either side may vanish at any time; the other then goes too, and nothing else.
    other.on("error", () => socket.destroy());
    socket.on("error", () => other.destroy());
    const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
    other.write(head);
    socket.write(rest);
    other.pipe(socket).pipe(other);
  });
  upstream.once("error", () => socket.destroy());
  upstream.end();
}

export async function run(): Promise<void> {
  const socketPath = env().INTERLOCK_NEXT_SOCKET;
  const ingest = startIngest();
  const following = follow({
    [EVENTS_CHANNEL]: hearEvent,
    [APPROVALS_CHANNEL]: hearApproval,
    interlock_keys: (id) =>
      void closeRevoked(id).catch((err: Error) => log.warn({ err: err.message }, "keys could not be read")),
  });
  const downloads = path.join(import.meta.dirname, "downloads");
  const app = createApp({ ingest, version: VERSION, listening: following.connected, downloads });
  const api = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? "/";
    if (url.startsWith("/api/v1/control?") && hotPoll(incoming, outgoing)) return;
    if (isOurs(url)) return void api(incoming, outgoing);
    if (socketPath) return pass(socketPath, incoming, outgoing);
    outgoing.writeHead(404).end();
  });
  server.on("upgrade", (incoming, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (socketPath && env().INTERLOCK_DEV) passUpgrade(socketPath, incoming, socket as Socket, head);
    else socket.destroy();
  });
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 120_000;
  const quietly = (work: Promise<void>) =>
    void work.catch((err: Error) => log.debug({ err: err.message }, "will be tried again"));
  const timers = [
    setInterval(() => quietly(closeRevoked()), REVOKED_MS),
    setInterval(() => quietly(flushUse()), USE_MS),
  ];

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env().PORT, env().HOST, resolve);
  });
  process.send?.({ ready: true, port: (server.address() as { port: number }).port });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    for (const timer of timers) clearInterval(timer);
    server.close();
    // Streams never end by themselves; their clients come back to the next process.
    setTimeout(() => server.closeAllConnections(), 1_000).unref();
    await following.stop();
    await ingest.stop();
    await closePools();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
}
