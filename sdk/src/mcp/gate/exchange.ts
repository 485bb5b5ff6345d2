import type { IncomingMessage, ServerResponse } from "node:http";
import { type Id, isAnswer, isRequest, type Message } from "../rpc.js";
import type { Read } from "./lines.js";

const SSE = "text/event-stream";

/** A stream of server-sent events, kept open. */
export function eventStream(res: ServerResponse, headers: Record<string, string> = {}): void {
  res.writeHead(200, { "content-type": SSE, "cache-control": "no-cache, no-transform", ...headers });
  res.flushHeaders();
}
export const event = (message: Message): string => `event: message\ndata: ${JSON.stringify(message)}\n\n`;

/** One POST of a client, until each of its requests is answered: as a stream where the client takes one, else as JSON. */
export class Exchange {
  readonly #open: Set<Id>;
  readonly #streams: boolean;
  readonly #batch: boolean;
  readonly #answers: Message[];
  /** Such as the id of the session that began with it. */
  readonly headers: Record<string, string> = {};

  constructor(
    readonly req: IncomingMessage,
    private readonly res: ServerResponse,
    come: Read,
  ) {
    this.#open = new Set(come.messages.filter(isRequest).map((m) => m.id));
    this.#streams = (req.headers.accept ?? "").includes(SSE);
    this.#batch = come.batch;
    this.#answers = [...come.wrong];
  }

  write(message: Message): void {
    if (this.res.writableEnded || this.res.destroyed) return;
    if (this.#streams) {
      if (!this.res.headersSent) eventStream(this.res, this.headers);
      this.res.write(event(message));
    } else if (isAnswer(message)) this.#answers.push(message);
    if (isAnswer(message)) this.drop(message.id);
  }

  /** What was taken back is answered by nobody. */
  drop(id: unknown): void {
    if (this.#open.delete(id as Id) && this.#open.size === 0) this.#end();
  }

  /** The client's messages are on their way; where none of them asks for anything, that is the answer. */
  sent(): void {
    if (this.#open.size === 0 && !this.res.writableEnded) this.#end();
  }

  /** The server refused the request as such: so it is. */
  refuse(status: number, headers: Record<string, string>, text: string): void {
    if (this.res.headersSent) return;
    this.res.writeHead(status, { ...this.headers, ...headers }).end(text);
  }

  #end(): void {
    if (this.#streams && this.res.headersSent) return void this.res.end();
    if (this.#answers.length === 0) return void this.res.writeHead(202, this.headers).end();
    const [first] = this.#answers;
    this.res.writeHead(200, { ...this.headers, "content-type": "application/json" });
    this.res.end(JSON.stringify(this.#batch ? this.#answers : first));
  }
}
