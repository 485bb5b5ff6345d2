"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

const STORE = "il-single-keys";
const listeners = new Set<() => void>();
const read = () => {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
};

/** Whether single keys act at all: people who dictate can turn them off (WCAG 2.1.4). */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read,
    () => true,
  );
  const set = (next: boolean) => {
    localStorage.setItem(STORE, next ? "on" : "off");
    for (const listener of listeners) listener();
  };
  return [on, set];
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** True where a single key must not act: typing, a modifier held, a dialog or a menu open. */
export function keyIsTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (typing(event.target)) return true;
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;
}

/** Single keys for a page: `{ j: next, k: before }`. Returns nothing; the last mounted wins by preventing the default. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>, enabled = true) {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      const act = current.current[event.key];
      if (!act || keyIsTaken(event) || !read()) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [enabled]);
}
