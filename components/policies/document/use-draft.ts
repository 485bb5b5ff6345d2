"use client";

import { useSessionStorage } from "@mantine/hooks";
import { useEffect } from "react";
import type { PolicyVersionShape } from "@/lib/policies/schema";
import { usePlace } from "../../frame/place";
import { convert, type Format, hasComments, parseText, sourceOf } from "./text";

type Edited = { text: string; format: Format; clean: string; base: number };

export type Draft = {
  text: string;
  format: Format;
  /** The version it was made from. */
  base: number;
  dirty: boolean;
  /** Somebody saved another version since. */
  behind: boolean;
  /** The newest version has comments, and this notation has none. */
  lostComments: boolean;
  setText: (text: string) => void;
  setFormat: (format: Format) => void;
  /** Goes on from the newest version, so that saving takes its place. */
  rebase: () => void;
  discard: () => void;
};

/** The text as it is edited, kept while the tab is open. Until somebody types it follows the newest version. */
export function useDraft(latest: PolicyVersionShape): Draft {
  const { slug } = usePlace().environment;
  const [edited, setEdited, forget] = useSessionStorage<Edited | null>({
    key: `il-draft:${slug}:${latest.policy_id}`,
    defaultValue: null,
  });
  const source = sourceOf(latest);
  const saved: Edited = { text: source, format: latest.format, clean: source, base: latest.version };
  const dirty = edited !== null && edited.text !== edited.clean;
  const now = edited && (dirty || edited.base === latest.version) ? edited : saved;
  useEffect(() => {
    if (!dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [dirty]);
  return {
    ...now,
    dirty,
    behind: dirty && now.base !== latest.version,
    lostComments: now.format === "json" && latest.format === "yaml" && hasComments(latest.source),
    setText: (text) => setEdited({ ...now, text }),
    setFormat: (format) => {
      if (format === now.format || !parseText(now.text, now.format).ok) return;
      if (!dirty && format === saved.format) return forget();
      const text = convert(now.text, format);
      setEdited({ ...now, text, format, clean: dirty ? now.clean : text });
    },
    rebase: () => setEdited({ ...now, base: latest.version }),
    discard: forget,
  };
}
