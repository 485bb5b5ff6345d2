/** Who waits for which approval, in this process. */
const waiting = new Map<string, Set<() => void>>();

/** A notification, or a verdict of this very process: whoever waits for it looks again. */
export function hearApproval(payload: string): void {
  const id = payload.split(" ")[1] ?? "";
  for (const wake of waiting.get(id) ?? []) wake();
}

/** Until somebody moves it, or the time is over. Notifications can be lost: callers look again at least every two seconds. */
export function untilMoved(id: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const set = waiting.get(id) ?? new Set();
    const done = () => {
      clearTimeout(timer);
      set.delete(done);
      if (set.size === 0) waiting.delete(id);
      resolve();
    };
    const timer = setTimeout(done, ms);
    set.add(done);
    waiting.set(id, set);
  });
}
