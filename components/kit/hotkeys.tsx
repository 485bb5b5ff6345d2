"use client";

import { Modal, Switch } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import s from "./hotkeys.module.css";
import { K } from "./kbd";
import { SHORTCUT_GROUPS, SHORTCUTS, type Shortcut } from "./shortcuts";
import { keyIsTaken, useSingleKeys } from "./use-keys";

export type GoTo = { key: string; label: string; href: string };

const WAIT = 1200;
const OPEN = "il:show-keys";

/** Opens the list of keys from a menu. */
export function showHotkeys() {
  document.dispatchEvent(new Event(OPEN));
}

const NO_KEYS: Shortcut[] = [];
let ofPage = NO_KEYS;
const listeners = new Set<() => void>();
const tell = (keys: Shortcut[]) => {
  ofPage = keys;
  for (const listener of listeners) listener();
};

/** A page says its own keys, a constant list, while it is shown; `?` lists them. */
export function usePageShortcuts(keys: Shortcut[]) {
  useEffect(() => {
    tell(keys);
    return () => tell(NO_KEYS);
  }, [keys]);
}

/** `g` and a letter to go; `?` shows every key. Mounted once, by the shell. */
export function Hotkeys({ goTo, page = [] }: { goTo: GoTo[]; page?: Shortcut[] }) {
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const said = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ofPage,
    () => NO_KEYS,
  );
  const [single, setSingle] = useSingleKeys();
  const waiting = useRef(0);

  useEffect(() => {
    const show = () => setOpened(true);
    const onKey = (event: KeyboardEvent) => {
      if (keyIsTaken(event) || !single) return;
      if (Date.now() - waiting.current < WAIT) {
        waiting.current = 0;
        const place = goTo.find((each) => each.key === event.key);
        if (place) {
          event.preventDefault();
          event.stopImmediatePropagation();
          router.push(place.href);
          return;
        }
      }
      if (event.key === "g") waiting.current = Date.now();
      if (event.key === "?") {
        event.preventDefault();
        setOpened(true);
      }
    };
    document.addEventListener(OPEN, show);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener(OPEN, show);
      document.removeEventListener("keydown", onKey, true);
    };
  }, [goTo, router, single]);

  const places: Shortcut[] = goTo.map((place) => ({ keys: ["g", place.key], label: place.label, group: "Go to" }));
  const all = [...SHORTCUTS, ...places, ...page, ...said];
  return (
    <Modal.Root opened={opened} onClose={() => setOpened(false)} size={560} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={s.head}>
          <Modal.Title className={s.title}>Keys</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <div className={s.groups}>
            {SHORTCUT_GROUPS.map((group) => {
              const rows = all.filter((each) => each.group === group);
              return rows.length === 0 ? null : (
                <section key={group} aria-label={group}>
                  <h3>{group}</h3>
                  <dl>
                    {rows.map((row) => (
                      <div key={row.keys.join(" ")}>
                        <dt>{row.label}</dt>
                        <dd>
                          {row.keys.map((key) => (
                            <K key={key}>{key === "mod" ? "⌘/Ctrl" : key}</K>
                          ))}
                        </dd>
                      </div>
                    ))}
                  </dl>
                </section>
              );
            })}
          </div>
          <div className={s.foot}>
            <Switch
              label="Single keys act"
              description="Off, only ⌘K and keys inside a focused list work."
              checked={single}
              onChange={(event) => setSingle(event.currentTarget.checked)}
            />
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
