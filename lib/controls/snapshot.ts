import { Failure } from "../platform/errors";
import { log } from "../platform/log";
import { reader } from "../platform/verb";
import { rank } from "./bindings";
import type { Caller, Snapshot } from "./evaluate";
import { changedSince, concerns, controlFor, holds } from "./evaluate";
import * as store from "./store";

export type Body = {
  revision: number;
  json: string;
  bytes: Buffer;
  length: string;
  etag: string /** The revision as it stands in a header. */;
  shown: string;
};

/** Somebody who waits for a change: a held poll, or a stream. */
export type Watcher = { caller: Caller; tell: (body: Body) => void; close: () => void };

type State = {
  snapshot: Snapshot;
  /** When the database was asked, on this process's monotonic clock: what was told then was true then. */
  confirmedAt: number;
  bodies: Map<string, Body>;
  rules: Map<string, string>;
  watchers: Set<Watcher>;
  loading: Promise<void> | null;
};

const states = new Map<string, State>();
const first = new Map<string, Promise<State>>();
const listeners = new Set<(environmentId: string) => void>();

/** Called after any environment's state has changed in this process. */
export const onChange = (listener: (environmentId: string) => void): void => {
  listeners.add(listener);
};

export async function stateOf(environmentId: string): Promise<State> {
  const known = states.get(environmentId);
  if (known) return known;
  const running = first.get(environmentId);
  if (running !== undefined) return running;
  const load = (async () => {
    const confirmedAt = performance.now();
    const snapshot = await store.load(reader().sql, environmentId);
    const state: State = {
      snapshot,
      confirmedAt,
      bodies: new Map(),
      rules: new Map(),
      watchers: new Set(),
      loading: null,
    };
    states.set(environmentId, state);
    return state;
  })();
  first.set(environmentId, load);
  try {
    return await load;
  } finally {
    first.delete(environmentId);
  }
}

/** Without waiting: the state, where this process has it. */
export const knownState = (environmentId: string): State | undefined => states.get(environmentId);
export const knownRevision = (environmentId: string): number | null =>
  states.get(environmentId)?.snapshot.revision ?? null;

export const ageS = (state: State): number => (performance.now() - state.confirmedAt) / 1000;

/** @throws Failure `unavailable` where the snapshot is older than the environment lets anybody act on */
export function assertFresh(state: State): void {
  if (ageS(state) <= state.snapshot.settings.ttlS) return;
  throw new Failure("unavailable", "The control state could not be confirmed against the database.", {
    retryAfterS: 1,
  });
}

/** Which documents speak for this caller, worked out once for each identity. */
function rulesOf(state: State, caller: Caller): string {
  const { policyRules } = state.snapshot;
  if (policyRules.length === 0) return "";
  const who = `${caller.agentId}\n${caller.taskType}\n${caller.tenantId}`;
  const known = state.rules.get(who);
  if (known !== undefined) return known;
  const found = policyRules.flatMap((r, n) => {
    const score = rank(r.bindings, caller);
    return score === null ? [] : [`${n}${score > 0 ? "" : "?"}`];
  });
  if (state.rules.size < 50_000) state.rules.set(who, `${found.join(",")};`);
  return `${found.join(",")};`;
}

/** The answer for this caller, built once for all whom the same switches concern. */
export function bodyFor(state: State, caller: Caller): Body {
  let key = rulesOf(state, caller);
  for (const s of state.snapshot.active) if (concerns(s, caller)) key += `${s.id}${holds(s, caller) ? "!" : " "}`;
  const known = state.bodies.get(key);
  if (known) return known;
  const { revision } = state.snapshot;
  const json = JSON.stringify(controlFor(state.snapshot, caller));
  const bytes = Buffer.from(json);
  const body = { revision, json, bytes, length: String(bytes.length), etag: `"${revision}"`, shown: String(revision) };
  if (state.bodies.size < 50_000) state.bodies.set(key, body);
  return body;
}

/** Reads the environment again; several who ask at once share one read, and nobody shares one that began before they asked. */
export async function refresh(environmentId: string): Promise<void> {
  const state = await stateOf(environmentId);
  if (state.loading) await state.loading;
  state.loading ??= reload(state).finally(() => {
    state.loading = null;
  });
  await state.loading;
}

async function reload(state: State): Promise<void> {
  const askedAt = performance.now();
  const next = await store.load(reader().sql, state.snapshot.environmentId);
  state.confirmedAt = askedAt;
  const before = state.snapshot;
  // A replica of the past, or two reads that overtook each other: a revision never goes back here.
  if (next.revision <= before.revision) return;
  state.snapshot = next;
  state.bodies.clear();
  state.rules.clear();
  for (const watcher of state.watchers)
    if (changedSince(next, watcher.caller, before.revision)) watcher.tell(bodyFor(state, watcher.caller));
  for (const listener of listeners) listener(next.environmentId);
}

/** Once a second, and on each notification: compares revisions with the database, and by that confirms what is held. */
export async function confirmAll(): Promise<void> {
  const ids = [...states.keys()];
  if (ids.length === 0) return;
  const askedAt = performance.now();
  const revisions = await store.revisions(reader().sql, ids);
  for (const [id, state] of states) {
    if (revisions.get(id) === state.snapshot.revision) state.confirmedAt = Math.max(state.confirmedAt, askedAt);
    else await refresh(id);
  }
}

/** Streams and held polls of a state that nobody may act on any more are closed: their clients must count from the Age they had. */
export function closeStale(): void {
  for (const state of states.values()) {
    if (ageS(state) <= state.snapshot.settings.ttlS || state.watchers.size === 0) continue;
    log.warn(
      { environment: state.snapshot.environmentId, watchers: state.watchers.size },
      "control state is stale, closing streams",
    );
    for (const watcher of [...state.watchers]) watcher.close();
  }
}
