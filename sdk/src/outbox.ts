import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Answer, type Api, passing } from "./api.js";
import { type Letter, Spool } from "./spool.js";
import { backoff, sleep } from "./time.js";

const MOST = 10_000;
/** While letters of an earlier process wait, the newest process of the machine takes them this often. */
const LONGEST_MS = 15_000;

type Waiting = Letter & { heard: (answer: Answer | null) => void };

/** What must arrive: results of calls and ends of runs, in their order, over restarts of the server and of this process. */
export class Outbox {
  readonly #spool: Spool;
  readonly #queue: Waiting[] = [];
  readonly #stop = new AbortController();
  #working = false;
  #n = 0;

  constructor(readonly api: Api) {
    const { url, key, spoolDir } = api.settings;
    // Letters of another server or key are not ours to send.
    const place = createHash("sha256").update(`${url}\n${key}`).digest("hex").slice(0, 16);
    this.#spool = new Spool(spoolDir === null ? null : join(spoolDir, place));
    for (const letter of this.#spool.left()) this.#queue.push({ ...letter, heard: () => {} });
    if (this.#queue.length > 0) this.#work();
  }

  get size(): number {
    return this.#queue.length;
  }

  /**
   * Sends, and keeps sending until somebody takes it.
   * @param forMs how long the caller waits for the answer @param ahead on disk before the first attempt, not after it
   * @returns null where nobody has taken it yet
   */
  async send(path: string, body: unknown, { forMs, ahead = false }: { forMs: number; ahead?: boolean }) {
    const id = `${Date.now().toString().padStart(15, "0")}-${String(this.#n++).padStart(6, "0")}-${randomBytes(4).toString("hex")}`;
    const letter = { id, path, body };
    if (ahead) this.#spool.put(letter);
    if (this.#queue.length === 0) {
      const answer = await this.api.call("POST", path, body);
      if (!passing(answer.status)) {
        if (ahead) this.#spool.drop(id);
        return answer;
      }
    }
    if (!ahead) this.#spool.put(letter);
    return this.#wait(letter, forMs);
  }

  /** Until nothing waits any more, or the time is over. @returns whether all has arrived */
  async drained(forMs: number): Promise<boolean> {
    const until = performance.now() + forMs;
    while (this.#queue.length > 0 && performance.now() < until) await sleep(20);
    return this.#queue.length === 0;
  }

  close(): void {
    this.#stop.abort(new Error("closed"));
    for (const { heard } of this.#queue) heard(null);
  }

  #wait(letter: Letter, forMs: number): Promise<Answer | null> {
    return new Promise((resolve) => {
      if (this.#queue.length >= MOST) this.#drop(this.#queue.shift(), "too many wait");
      const timer = setTimeout(() => resolve(null), forMs);
      const heard = (answer: Answer | null) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#queue.push({ ...letter, heard });
      this.api.settings.onEvent({ kind: "spooled", message: letter.path });
      this.#work();
    });
  }

  #drop(letter: Waiting | undefined, why: string): void {
    if (!letter) return;
    this.#spool.drop(letter.id);
    letter.heard(null);
    this.api.settings.onEvent({ kind: "dropped", message: `${letter.path}: ${why}` });
  }

  #work(): void {
    if (this.#working) return;
    this.#working = true;
    void this.#deliver()
      .catch(() => undefined)
      .then(() => {
        this.#working = false;
      });
  }

  async #deliver(): Promise<void> {
    for (let attempt = 0; this.#queue.length > 0; ) {
      const [letter] = this.#queue;
      if (!letter) return;
      const answer = await this.api.call("POST", letter.path, letter.body, { signal: this.#stop.signal });
      if (passing(answer.status)) {
        await sleep(backoff(attempt++, LONGEST_MS), this.#stop.signal);
        continue;
      }
      attempt = 0;
      if (this.#queue[0] === letter) this.#queue.shift();
      this.#spool.drop(letter.id);
      letter.heard(answer);
      const kind = answer.status < 400 ? "delivered" : "dropped";
      this.api.settings.onEvent({ kind, message: `${letter.path}: ${answer.status}` });
    }
  }
}
