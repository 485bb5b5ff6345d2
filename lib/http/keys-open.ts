import { sweepKeys } from "../tenancy";

/** Streams by the key that opened them, so that revoking it closes them. */
const open = new Map<string, Set<() => void>>();

/** @returns what to call when the stream is closed for another reason */
export function holdOpen(keyId: string | null, close: () => void): () => void {
  if (keyId === null) return () => undefined;
  const set = open.get(keyId) ?? new Set();
  set.add(close);
  open.set(keyId, set);
  return () => {
    set.delete(close);
    if (set.size === 0) open.delete(keyId);
  };
}

/** Closes what revoked, expired and orphaned keys hold open. Called on a notification, and every two seconds. */
export async function closeRevoked(keyId?: string): Promise<void> {
  const dead = await sweepKeys([...(keyId ? [keyId] : []), ...open.keys()]);
  for (const id of dead) for (const close of [...(open.get(id) ?? [])]) close();
}
