import type { CallOptions } from "../index.js";
import type { Called } from "./call.js";
import type { Peer } from "./peer.js";
import { type Ends, type Id, isObject, notice } from "./rpc.js";

type Approval = Parameters<NonNullable<CallOptions["onAsked"]>>[0];
const EVERY_MS = 5_000;
/** Progress only ever rises, and the tool's own begins at 0 or above. */
const STEP = 1e-6;

/** While a person is asked: the client is told so that it does not give up, and its user is told where it has a way to. */
export class Waiting {
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #refuse: (called: Called) => void = () => {};
  /** Resolves where the client's user will not wait. */
  readonly refused = new Promise<Called>((resolve) => {
    this.#refuse = resolve;
  });

  constructor(
    private readonly client: Peer,
    private readonly ends: Ends,
    private readonly call: {
      id: Id;
      name: string;
      params: Record<string, unknown>;
      context: unknown;
      elicit: boolean;
      giveUp: AbortController;
    },
  ) {}

  readonly begin = (approval: Approval): void => {
    const { params, elicit } = this.call;
    const token = isObject(params._meta) ? params._meta.progressToken : undefined;
    clearInterval(this.#timer);
    const say = () => this.#say(token, approval);
    say();
    this.#timer = setInterval(say, EVERY_MS);
    if (elicit) void this.#elicit(approval).catch(() => this.#given("The client could not ask its user."));
  };

  over(): void {
    clearInterval(this.#timer);
  }

  #say(token: unknown, { url }: Approval): void {
    if (token === undefined) return;
    const message = `${this.call.name} waits for a person: ${url}`;
    const said = notice("notifications/progress", {
      progressToken: token,
      progress: ++this.#ticks * STEP,
      message,
    });
    void Promise.resolve(this.ends.toClient(said, this.call.context, this.call.id)).catch(() => undefined);
  }

  /** The user's yes is a yes to waiting. The verdict stays with the people whom policy names. */
  async #elicit({ url, expiresAt }: Approval): Promise<void> {
    const { id, name, params, context, giveUp } = this.call;
    const args = JSON.stringify(params.arguments ?? {}).slice(0, 2_000);
    const message = `${name} ${args} needs a person's approval, by ${expiresAt}: ${url}\nAccept to wait for it; decline to give the call up.`;
    const requestedSchema = { type: "object", properties: {} };
    const said = await this.client.request(
      "elicitation/create",
      { message, requestedSchema },
      { context, about: id, signal: giveUp.signal },
    );
    if (!isObject(said) || said.action !== "accept") this.#given("The client's user will not wait for it.");
  }

  #given(why: string): void {
    this.over();
    if (this.call.giveUp.signal.aborted) return;
    this.call.giveUp.abort(new Error(why));
    const text = `approval_declined: ${why} Nothing was done.`;
    this.#refuse({
      code: "approval_declined",
      result: { isError: true, content: [{ type: "text", text }], _meta: { "interlock/code": "approval_declined" } },
    });
  }
}
