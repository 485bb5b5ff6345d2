import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll } from "vitest";
import { provide } from "../../platform/env";
import type { Json } from "./harness";

export type Got = { path: string; headers: IncomingHttpHeaders; text: string; body: Json };
type Answer = { status: number; headers?: Record<string, string>; text?: string } | "never";

/** A server that people would point a channel at: it keeps what it gets, and answers by path as it is told. */
export function receiver() {
  const got: Got[] = [];
  const answers = new Map<string, Answer[]>();
  let server: Server;
  let origin = "";
  beforeAll(async () => {
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "true", INTERLOCK_PUBLIC_URL: "https://interlock.example.com/" });
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part) => {
        text += String(part);
      });
      request.on("end", () => {
        const path = request.url ?? "";
        got.push({ path, headers: request.headers, text, body: JSON.parse(text) as Json });
        const next = answers.get(path)?.shift() ?? { status: 200, text: "ok" };
        if (next !== "never") response.writeHead(next.status, next.headers).end(next.text ?? "");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    provide({ INTERLOCK_ALLOW_PRIVATE_WEBHOOKS: "false", INTERLOCK_PUBLIC_URL: "" });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: (path: string) => `${origin}${path}`,
    at: (path: string) => got.filter((g) => g.path === path),
    /** The next answers of this path; after them it says 200. */
    answer: (path: string, ...next: Answer[]) => void answers.set(path, next),
  };
}

export type Mail = { from: string; to: string[]; text: string };
/** A real mail server that refuses the addresses at nowhere.example. */
export function mailServer() {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: ({ address }, _session, done) =>
      done(
        address.endsWith("@nowhere.example")
          ? Object.assign(new Error("no such mailbox"), { responseCode: 550 })
          : undefined,
      ),
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (part: Buffer) => {
        text += part.toString();
      });
      stream.on("end", () => {
        const from = session.envelope.mailFrom;
        const to = session.envelope.rcptTo.map((r) => r.address);
        mails.push({ from: from ? from.address : "", to, text: text.replaceAll("=\r\n", "").replaceAll("=3D", "=") });
        done();
      });
    },
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    provide({ INTERLOCK_SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` });
  });
  afterAll(async () => {
    provide({ INTERLOCK_SMTP_URL: "" });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { mails };
}
