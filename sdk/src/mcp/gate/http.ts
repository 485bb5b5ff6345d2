import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { events } from "../../control/sse.js";
import { InvalidRequest } from "../../index.js";
import { messageOf } from "../rpc.js";
import { Exchange, eventStream } from "./exchange.js";
import { busy, type Held, type HttpGate, holdNew, leave } from "./held.js";
import { read } from "./lines.js";
import { passed, SESSION } from "./upstream.js";

const MAX_BODY = 16 * 1024 * 1024;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|::1)$/;

/** Listens, and stands before a server of streamable HTTP until a signal comes. @returns the exit code @throws InvalidRequest for an address that is not its to listen on */
export async function httpGate(gate: HttpGate): Promise<number> {
  const at = /^(.+):(\d+)$/.exec(gate.listen);
  const host = at?.[1]?.replace(/^\[|\]$/g, "") ?? "";
  if (!at || !/^https?:\/\//.test(gate.url))
    throw new InvalidRequest("Say where: --listen <host:port> --url http://…", 0);
  if (!gate.anyHost && !LOOPBACK.test(host))
    throw new InvalidRequest(
      `${host} is no loopback address: whoever reaches it could act. Say --any-host to mean it.`,
      0,
    );
  const sessions = new Map<string, Held>();
  const server = createServer((req, res) => {
    void answer(gate, sessions, req, res).catch((error: unknown) => {
      gate.log(String(error));
      if (!res.headersSent) res.writeHead(500);
      res.end();
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(Number(at[2]), host, resolve));
  gate.log(`listening on ${host}:${(server.address() as AddressInfo).port}`);
  const signal = await new Promise<"SIGTERM" | "SIGINT">((resolve) => {
    for (const one of ["SIGTERM", "SIGINT"] as const) process.once(one, () => resolve(one));
  });
  server.closeAllConnections();
  server.close();
  await Promise.all([...sessions.keys()].map((id) => leave(sessions, id, "cancelled")));
  return signal === "SIGTERM" ? 143 : 130;
}

async function answer(gate: HttpGate, sessions: Map<string, Held>, req: IncomingMessage, res: ServerResponse) {
  const { origin, host = "" } = req.headers;
  const foreign = origin !== undefined && !gate.origins.includes(origin);
  // A page whose name was bound to this address sends that name.
  const rebound = !gate.anyHost && !LOOPBACK.test(host.replace(/:\d+$/, ""));
  if (foreign || rebound) return void res.writeHead(403).end("This origin may not call.");
  if (origin !== undefined) {
    res.setHeader("access-control-allow-origin", origin);
    res.setHeader("access-control-expose-headers", SESSION);
    res.setHeader("access-control-allow-headers", `content-type, authorization, ${SESSION}, mcp-protocol-version`);
    res.setHeader("access-control-allow-methods", "GET, POST, DELETE");
  }
  if (req.method === "OPTIONS") return void res.writeHead(204).end();
  const id = String(req.headers[SESSION] ?? "");
  const known = sessions.get(id);
  if (id !== "" && !known) return void res.writeHead(404).end("There is no such session.");
  if (req.method === "POST") return posted(gate, sessions, known, req, res);
  if (req.method === "GET" && known) return streamed(gate, known, req, res);
  if (req.method === "DELETE" && known) {
    const said = await fetch(gate.url, { method: "DELETE", headers: passed(req.headers) }).catch(() => null);
    await leave(sessions, id, "success");
    return void res.writeHead(said?.status ?? 502).end();
  }
  res.writeHead(405).end();
}

async function posted(
  gate: HttpGate,
  sessions: Map<string, Held>,
  known: Held | undefined,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return void res.writeHead(413).end();
    chunks.push(chunk);
  }
  const come = read(Buffer.concat(chunks).toString("utf8"));
  if (come.messages.length === 0) {
    res.writeHead(400, { "content-type": "application/json" });
    return void res.end(JSON.stringify(come.batch ? come.wrong : come.wrong[0]));
  }
  const begins = come.messages.some((m) => m.method === "initialize");
  const held = (begins ? undefined : known) ?? holdNew(gate, sessions, begins);
  if (!begins && !known) sessions.set("", held);
  const exchange = new Exchange(req, res, come);
  held.exchanges.add(exchange);
  res.once("close", () => held.exchanges.delete(exchange));
  busy(sessions, held);
  for (const message of come.messages)
    if (message.method === "notifications/cancelled")
      for (const one of held.exchanges) one.drop(message.params?.requestId);
  await Promise.all(come.messages.map((message) => held.session.fromClient(message, exchange)));
  exchange.sent();
}

async function streamed(gate: HttpGate, held: Held, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const left = new AbortController();
  res.once("close", () => left.abort());
  const headers = { ...passed(req.headers), accept: "text/event-stream" };
  const up = await fetch(gate.url, { headers, signal: left.signal });
  // Where the server has no such stream, the gate still has news of its own.
  if (!up.ok && up.status !== 405) return void res.writeHead(up.status).end(await up.text());
  eventStream(res);
  held.streams.add(res);
  res.once("close", () => held.streams.delete(res));
  try {
    if (!up.ok || !up.body) return await up.body?.cancel();
    for await (const { data } of events(up.body)) {
      const message = data === "" ? null : messageOf(JSON.parse(data));
      if (message) await held.session.fromServer(message);
    }
    res.end();
  } catch (error) {
    if (!left.signal.aborted) gate.log(String(error));
    res.end();
  }
}
