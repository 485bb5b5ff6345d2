import type { IncomingHttpHeaders } from "node:http";
import { events } from "../../control/sse.js";
import { failed, isRequest, METHOD_NOT_FOUND, type Message, messageOf } from "../rpc.js";

export const SESSION = "mcp-session-id";
const PASSED = ["authorization", SESSION, "mcp-protocol-version", "last-event-id", "user-agent", "accept-language"];
const REFUSED = new Set([400, 401, 403, 404, 405, 406, 415, 429]);
const SERVER_ERROR = -32_000;

export function passed(headers: IncomingHttpHeaders): Record<string, string> {
  const given = PASSED.map((name) => [name, headers[name]]);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

export type Refusal = { status: number; headers: Record<string, string>; text: string };

/** Hands one message on and reads what comes back for it. `come` is called for each message; a request is always answered. */
export async function post(
  url: string,
  headers: Record<string, string>,
  message: Message,
  how: {
    come: (message: Message) => Promise<void>;
    head: (headers: Headers) => void;
    refused: (refusal: Refusal) => void;
  },
): Promise<void> {
  let open = isRequest(message) ? message.id : null;
  const come = async (value: unknown) => {
    for (const one of Array.isArray(value) ? value : [value]) {
      const read = messageOf(one);
      if (read?.id === open && read?.method === undefined) open = null;
      if (read) await how.come(read);
    }
  };
  let why = "The server ended its answer before it was whole.";
  let code = SERVER_ERROR;
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify(message),
      redirect: "error",
    });
    how.head(answer.headers);
    if (!answer.ok) {
      const text = await answer.text();
      const challenge = answer.headers.get("www-authenticate");
      const type = answer.headers.get("content-type") ?? "text/plain";
      const head = { "content-type": type, ...(challenge ? { "www-authenticate": challenge } : {}) };
      how.refused({ status: answer.status, headers: head, text });
      why = `The server answered ${answer.status}.`;
      // What the server refused as a request has called no tool.
      if (REFUSED.has(answer.status)) code = METHOD_NOT_FOUND;
    } else if (answer.headers.get("content-type")?.startsWith("text/event-stream") && answer.body) {
      for await (const { data } of events(answer.body)) if (data !== "") await come(JSON.parse(data));
    } else {
      const text = await answer.text();
      if (text !== "") await come(JSON.parse(text));
    }
  } catch (error) {
    why = `The server could not be reached: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (open !== null) await how.come(failed(open, code, why));
}
