import type { BudgetExhausted } from "../index.js";
import { CALL, Calls } from "./calls.js";
import { LIST, Listing } from "./listing.js";
import type { SessionOptions } from "./options.js";
import { Peer } from "./peer.js";
import { type Answer, type Ends, type Id, isAnswer, isObject, isRequest, type Message, notice } from "./rpc.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";

export type { SessionOptions } from "./options.js";

const LIST_CHANGED = "notifications/tools/list_changed";

/** What stands between a client and a server of MCP: everything passes, but calls of tools go through the run, and lists show what may be called. */
export class Session {
  readonly tools: Tools;
  readonly #server: Peer;
  readonly #client: Peer;
  readonly #calls: Calls;
  readonly #lists = new Set<Id>();
  #initialize: Id | null = null;
  #elicits = false;
  readonly #view: View;

  constructor(
    private readonly ends: Ends,
    options: SessionOptions,
  ) {
    this.tools = new Tools(options);
    this.#server = new Peer((m, context) => ends.toServer(m, context));
    this.#client = new Peer((m, context, about) => ends.toClient(m, context, about));
    this.#view = new View(this.tools, options, () => void ends.toClient(notice(LIST_CHANGED)));
    this.#calls = new Calls(options, {
      ends,
      tools: this.tools,
      server: this.#server,
      client: this.#client,
      listing: new Listing(this.tools, this.#server),
      view: this.#view,
    });
  }

  /** The last budget that was met: what the run ends with. */
  get exhausted(): BudgetExhausted | null {
    return this.#calls.exhausted;
  }
  /** The client's request that a request of the gate's own serves. */
  servedBy(id: Id): Id {
    return this.#server.servedBy(id) ?? id;
  }

  /** Takes one message of the client. What it waits for comes later; it returns once the message is on its way. */
  async fromClient(message: Message, context?: unknown): Promise<void> {
    if (isAnswer(message) && this.#client.settle(message)) return;
    if (message.method === CALL)
      return isRequest(message) ? this.#calls.begin(message, context, this.#elicits) : undefined;
    if (message.method === "notifications/cancelled") {
      const why = new Error("The client took the call back.");
      if (this.#calls.cancel(message.params?.requestId as Id, why)) return;
    }
    if (isRequest(message) && message.method === "initialize") {
      this.#initialize = message.id;
      this.#elicits = isObject(message.params?.capabilities) && isObject(message.params.capabilities.elicitation);
    }
    if (isRequest(message) && message.method === LIST) this.#lists.add(message.id);
    await this.ends.toServer(message, context);
  }

  /** Takes one message of the server. */
  async fromServer(message: Message, context?: unknown): Promise<void> {
    if (isAnswer(message) && this.#server.settle(message)) return;
    if (message.method === LIST_CHANGED) this.tools.forget();
    if (isAnswer(message) && message.id === this.#initialize) return this.#initialized(message, context);
    if (isAnswer(message) && this.#lists.delete(message.id)) {
      this.tools.learn(message.result);
      return this.ends.toClient({ ...message, ...(await this.#view.shown(message.result)) }, context);
    }
    await this.ends.toClient(message, context);
  }

  /** The session is over: calls under way are cut off. */
  close(reason: Error): void {
    this.#view.close();
    this.#calls.close(reason);
    this.#server.close(reason);
    this.#client.close(reason);
  }

  #initialized(message: Answer, context: unknown): Promise<void> | void {
    this.#initialize = null;
    const result = isObject(message.result) ? message.result : {};
    const { serverInfo, capabilities } = result;
    if (isObject(serverInfo) && typeof serverInfo.name === "string") this.tools.connector ??= serverInfo.name;
    if (!isObject(capabilities) || !isObject(capabilities.tools)) return this.ends.toClient(message, context);
    // The gate says so itself when a switch has changed what may be called.
    const tools = { ...capabilities.tools, listChanged: true };
    return this.ends.toClient({ ...message, result: { ...result, capabilities: { ...capabilities, tools } } }, context);
  }
}
