import type { Run } from "./run/index.js";

export type MemoryScope = "run" | "session" | "user" | "tenant" | "agent";
/** One remembered fact, and where it comes from. */
export type Entry<T = unknown> = {
  key: string;
  value: T;
  scope: MemoryScope;
  /** Whose, within the scope: a tenant's or a user's id. Another owner never sees it. */
  owner: string;
  provenance: { runId: string; source: string; writtenAt: string };
  expiresAt: string | null;
};
/** Where entries are kept: a table, a Redis, a Map. */
export type MemoryStore = {
  get: (id: string) => Promise<Entry | undefined> | Entry | undefined;
  set: (id: string, entry: Entry) => Promise<unknown> | unknown;
  delete: (id: string) => Promise<unknown> | unknown;
};

const idOf = (scope: MemoryScope, owner: string, key: string): string => JSON.stringify([scope, owner, key]);

/** Memory that is asked for before it is written, knows where each fact comes from, and forgets. */
export class Memory {
  /** @param store @default a Map, for as long as the process lives */
  constructor(private readonly store: MemoryStore = new Map<string, Entry>()) {}

  /**
   * Asks, then writes. The same value again is not written again: recalled text that is remembered anew is how stores blow up.
   * @param entry.ttlS seconds until it is forgotten @throws Denied | BudgetExhausted | Stopped | Unavailable
   */
  async write<T>(
    run: Run,
    entry: { key: string; value: T; scope: MemoryScope; owner: string; source: string; ttlS?: number },
  ): Promise<void> {
    const { key, value, scope, owner, source, ttlS } = entry;
    const id = idOf(scope, owner, key);
    const before = await this.#live(id);
    if (before && JSON.stringify(before.value) === JSON.stringify(value)) return;
    const provenance = { runId: run.id, source, writtenAt: new Date().toISOString() };
    const expiresAt = ttlS === undefined ? null : new Date(Date.now() + ttlS * 1000).toISOString();
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
    await run.remember({ key, scope, bytes }, () =>
      this.store.set(id, { key, value, scope, owner, provenance, expiresAt }),
    );
  }

  /** @returns nothing where it was never written, by another owner, or has been forgotten */
  async read<T = unknown>(key: string, of: { scope: MemoryScope; owner: string }): Promise<Entry<T> | undefined> {
    return (await this.#live(idOf(of.scope, of.owner, key))) as Entry<T> | undefined;
  }

  async forget(key: string, of: { scope: MemoryScope; owner: string }): Promise<void> {
    await this.store.delete(idOf(of.scope, of.owner, key));
  }

  async #live(id: string): Promise<Entry | undefined> {
    const entry = await this.store.get(id);
    if (!entry?.expiresAt || Date.parse(entry.expiresAt) > Date.now()) return entry;
    await this.store.delete(id);
    return undefined;
  }
}
