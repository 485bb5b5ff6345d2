"use client";

import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { createContext, type ReactNode, useContext, useState } from "react";
import { usePlace } from "../frame/place";
import { announce } from "../kit/announce";
import { St } from "../kit/status";
import { TextLink } from "../kit/text";
import s from "./said.module.css";

type Said = { tone: "good" | "warn"; text: string; row?: number; href?: string };
const SaidContext = createContext<{ said: Said | null; say: (said: Said) => void }>({
  said: null,
  say: () => undefined,
});

/** What became of the last act, in a line of its own: a toast would lie over the next decision. */
export function SaidProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<Said | null>(null);
  const say = (next: Said) => {
    setSaid(next);
    announce(next.text);
  };
  return <SaidContext value={{ said, say }}>{children}</SaidContext>;
}

export const useSay = () => useContext(SaidContext).say;

export function SaidLine() {
  const { slug } = usePlace().environment;
  const { said } = useContext(SaidContext);
  if (!said) return null;
  const Icon = said.tone === "good" ? IconCircleCheck : IconAlertTriangle;
  const href = said.href ?? (said.row === undefined ? null : `/${slug}/audit?row=${said.row}`);
  return (
    <p className={s.said} data-tone={said.tone}>
      <St tone={said.tone} icon={<Icon size={14} aria-hidden />} className={s.words}>
        {said.text}
      </St>
      {href && <TextLink href={href}>{said.row === undefined ? "Audit rows" : `Audit row ${said.row}`}</TextLink>}
    </p>
  );
}
