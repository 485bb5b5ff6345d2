import type { Transport, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage, MessageExtraInfo } from "@modelcontextprotocol/sdk/types.js";
import { currentRun, type Run } from "../index.js";
import { type Id, type Message, messageOf } from "./rpc.js";
import { Session } from "./session.js";
import type { McpOptions } from "./tools.js";

type Handlers = Pick<Transport, "onmessage" | "onclose">;
// The SDK's messages are this package's with every method spelled out: the same JSON.
const theirs = (message: Message) => message as JSONRPCMessage;

/** The same transport with other ears: what the SDK sets on it is kept here, what comes from it goes through `deliver`. */
function proxy<T extends Transport>(
  inner: T,
  send: (message: Message, options?: TransportSendOptions) => Promise<void>,
  deliver: (message: Message, extra?: MessageExtraInfo) => Promise<void>,
  closed: () => void,
): { transport: T; handlers: Handlers } {
  const handlers: Handlers = {};
  const failedTo = (error: unknown) => inner.onerror?.(error instanceof Error ? error : new Error(String(error)));
  inner.onmessage = (message, extra) => {
    const read = messageOf(message);
    if (read) void deliver(read, extra).catch(failedTo);
  };
  inner.onclose = () => {
    closed();
    handlers.onclose?.();
  };
  const transport = new Proxy(inner, {
    get(target, key) {
      if (key === "onmessage" || key === "onclose") return handlers[key];
      if (key === "send")
        return async (message: JSONRPCMessage, options?: TransportSendOptions) => {
          const read = messageOf(message);
          if (!read) throw new TypeError("This is no message of JSON-RPC.");
          await send(read, options);
        };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set(target, key, value) {
      if (key === "onmessage" || key === "onclose") {
        handlers[key] = value;
        return true;
      }
      return Reflect.set(target, key, value, target);
    },
  });
  return { transport, handlers };
}

/**
 * The transport of a client with the gate in it; client and server stay as they are. Calls of tools go through the run, lists show what may be called.
 * Outside of a run a call throws InvalidRequest, and nothing is sent.
 */
export function gateTransport<T extends Transport>(inner: T, how: McpOptions = {}): T {
  const session: Session = new Session(
    {
      toServer: (m, options) => inner.send(theirs(m), options as TransportSendOptions | undefined),
      // The options that a request was sent with are no news of its answer.
      toClient: (m) => handlers.onmessage?.(theirs(m)),
    },
    { ...how, run: () => how.run ?? currentRun() },
  );
  const { transport, handlers } = proxy(
    inner,
    (m, options) => session.fromClient(m, options),
    (m) => session.fromServer(m),
    () => session.close(new Error("The connection was closed.")),
  );
  return transport;
}

/** What a server said it sends with, told apart from what a client's message came with. */
class Sent {
  constructor(readonly options: TransportSendOptions | undefined) {}
}

/** The same on a server's side, for `gateServer`. @internal */
export function guardTransport(inner: Transport, how: McpOptions, run: Run): Transport {
  const session: Session = new Session(
    {
      toServer: (m, extra) => handlers.onmessage?.(theirs(m), extra as MessageExtraInfo | undefined),
      toClient: (m, context, about?: Id) => {
        const asked = about === undefined ? undefined : { relatedRequestId: about };
        return inner.send(theirs(m), context instanceof Sent ? context.options : asked);
      },
    },
    { ...how, run: () => run },
  );
  // The server knows a call by the gate's own id; the client's stream is found by the client's.
  const ofTheClient = (options: TransportSendOptions | undefined) =>
    options?.relatedRequestId === undefined
      ? options
      : { ...options, relatedRequestId: session.servedBy(options.relatedRequestId) };
  const { transport, handlers } = proxy(
    inner,
    (m, options) => session.fromServer(m, new Sent(ofTheClient(options))),
    (m, extra) => session.fromClient(m, extra),
    () => session.close(new Error("The connection was closed.")),
  );
  return transport;
}
