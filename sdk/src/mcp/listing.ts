import type { Peer } from "./peer.js";
import { isObject, RpcError } from "./rpc.js";
import type { Tools } from "./tools.js";

export const LIST = "tools/list";
/** A server that lists for ever is not followed. */
const MAX_PAGES = 100;

/** Asks a server for its tools where the client has not: what one says of itself may make it irreversible. */
export class Listing {
  #underWay: Promise<void> | null = null;

  constructor(
    private readonly tools: Tools,
    private readonly server: Peer,
  ) {}

  /** Until it is known what the server says of this tool, if anything. */
  async of(name: string, context: unknown): Promise<void> {
    if (this.tools.complete || this.tools.knows(name)) return;
    this.#underWay ??= this.#all(context).finally(() => {
      this.#underWay = null;
    });
    await this.#underWay;
  }

  async #all(context: unknown): Promise<void> {
    let cursor: unknown;
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const result = await this.server.request(LIST, params, { context }).catch((error: unknown) => {
        // A server that lists nothing says nothing of its tools: they are writes.
        if (error instanceof RpcError) return {};
        throw error;
      });
      this.tools.learn(result);
      cursor = isObject(result) ? result.nextCursor : undefined;
      if (cursor === undefined) return;
    }
  }
}
