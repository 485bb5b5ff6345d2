"use client";

import { useSyncExternalStore } from "react";

let said = "";
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says a sentence to a screen reader, politely. The same sentence twice is said twice. */
export function announce(sentence: string) {
  said = said === sentence ? `${sentence}\u00a0` : sentence;
  for (const listener of listeners) listener();
}

/** The one polite live region of the page; mounted by Providers. */
export function Announcer() {
  const sentence = useSyncExternalStore(
    subscribe,
    () => said,
    () => "",
  );
  return (
    <div className="il-sr" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
