import { randomBytes } from "node:crypto";
import { type Answer, type Id, type Message, notice, RpcError } from "./rpc.js";

type Send = (message: Message, context?: unknown, about?: Id) => Promise<void> | void;
type Open = { resolve: (result: unknown) => void; reject: (error: unknown) => void; about: Id | undefined };

/** The requests of the gate's own to one side. Their ids cannot be those of the other side's requests. */
export class Peer {
  readonly #prefix = `interlock-${randomBytes(4).toString("hex")}`;
  readonly #open = new Map<Id, Open>();
  #n = 0;
  #closed: Error | null = null;

  constructor(private readonly send: Send) {}

  /** @throws RpcError as the other side answered it | the signal's reason, after which the other side is told that nobody waits */
  request(
    method: string,
    params: Record<string, unknown>,
    how: { signal?: AbortSignal; context?: unknown; about?: Id } = {},
  ): Promise<unknown> {
    const { signal, context, about } = how;
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = `${this.#prefix}-${++this.#n}`;
    const made = new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject, about });
      signal?.addEventListener("abort", () => this.#giveUp(id, signal.reason, context), { once: true });
    });
    Promise.resolve()
      .then(() => this.send({ jsonrpc: "2.0", id, method, params }, context, about))
      .catch((error: unknown) => this.#open.get(id)?.reject(error));
    return made.finally(() => this.#open.delete(id));
  }

  /** Whether it is an answer to one of these. */
  settle(answer: Answer): boolean {
    const open = this.#open.get(answer.id);
    // One that came too late is nobody's.
    if (!open) return String(answer.id).startsWith(this.#prefix);
    if (answer.error) open.reject(new RpcError(answer.error));
    else open.resolve(answer.result);
    return true;
  }

  servedBy(id: Id): Id | undefined {
    return this.#open.get(id)?.about;
  }

  close(reason: Error): void {
    this.#closed = reason;
    for (const { reject } of this.#open.values()) reject(reason);
  }

  #giveUp(id: Id, reason: unknown, context: unknown): void {
    const open = this.#open.get(id);
    if (!open) return;
    open.reject(reason);
    const said = notice("notifications/cancelled", { requestId: id, reason: String(reason) });
    Promise.resolve()
      .then(() => this.send(said, context))
      .catch(() => undefined);
  }
}
