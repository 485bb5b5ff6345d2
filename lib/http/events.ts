import type { Topic } from "../platform/announce";

type Listener = (topics: string) => void;
const listeners = new Map<string, Set<Listener>>();

/** A notification of EVENTS_CHANNEL: `<environment id> <topic>,<topic>`. */
export function hearEvent(payload: string): void {
  const [environmentId = "", topics = ""] = payload.split(" ");
  for (const listener of listeners.get(environmentId) ?? []) listener(topics);
}

export function onEvents(environmentId: string, listener: (topics: Topic[]) => void): () => void {
  const set = listeners.get(environmentId) ?? new Set();
  const heard: Listener = (topics) => listener(topics.split(",") as Topic[]);
  set.add(heard);
  listeners.set(environmentId, set);
  return () => {
    set.delete(heard);
    if (set.size === 0) listeners.delete(environmentId);
  };
}
