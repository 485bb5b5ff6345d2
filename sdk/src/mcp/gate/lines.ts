import type { Readable } from "node:stream";
import { failed, type Id, INVALID_REQUEST, isAnswer, isRequest, type Message, messageOf, PARSE_ERROR } from "../rpc.js";

const MAX_LINE = 64 * 1024 * 1024;

/** Newline-delimited text; a line of its own that never ends is refused. Only `\n` divides: JSON may hold the other line ends. */
export async function* lines(stream: Readable): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, at)]).toString("utf8");
      parts = [];
      size = 0;
      from = at + 1;
      if (line.trim() !== "") yield line;
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MAX_LINE) throw new Error(`A line is longer than ${MAX_LINE} bytes.`);
  }
  const rest = Buffer.concat(parts).toString("utf8");
  if (rest.trim() !== "") yield rest;
}

export type Read = { messages: Message[]; wrong: Message[]; batch: boolean };

/** The messages of one line or body; what is none of them is answered as JSON-RPC has it. */
export function read(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { messages: [], wrong: [failed(null, PARSE_ERROR, "This is not JSON.")], batch: false };
  }
  const batch = Array.isArray(value);
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const found = all.map(messageOf);
  const wrong = found.filter((m) => m === null).map(() => failed(null, INVALID_REQUEST, "This is no request."));
  if (batch && all.length === 0) wrong.push(failed(null, INVALID_REQUEST, "A batch holds at least one request."));
  return { messages: found.filter((m) => m !== null), wrong, batch };
}

/** Answers to what came together go together. */
export class Batches {
  readonly #of = new Map<Id, { open: Set<Id>; answers: Message[] }>();

  constructor(private readonly write: (out: Message | Message[]) => void) {}

  begin({ messages, wrong }: Read): void {
    const open = new Set(messages.filter(isRequest).map((m) => m.id));
    if (open.size === 0 && wrong.length > 0) this.write(wrong);
    const one = { open, answers: [...wrong] };
    for (const id of open) this.#of.set(id, one);
  }

  /** To the client, in its batch where it belongs to one. */
  send(message: Message): void {
    const one = isAnswer(message) ? this.#of.get(message.id) : undefined;
    if (one && isAnswer(message)) {
      one.answers.push(message);
      this.drop(message.id);
    } else this.write(message);
  }

  /** What was taken back is answered by nobody. */
  drop(id: unknown): void {
    const one = this.#of.get(id as Id);
    if (!one) return;
    this.#of.delete(id as Id);
    one.open.delete(id as Id);
    if (one.open.size === 0 && one.answers.length > 0) this.write(one.answers);
  }
}
