import type { ReactNode } from "react";
import s from "./person.module.css";

/** "Rita Okafor" → "RO"; an address gives its first letter. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? "").join("");
}

export function Person({ name, note }: { name: string; note?: ReactNode }) {
  return (
    <span className={s.person}>
      <span className={s.avatar} aria-hidden>
        {initials(name)}
      </span>
      <span>{name}</span>
      {note && <small>{note}</small>}
    </span>
  );
}

/** Where a person is missing: the words say what that means. */
export function NoPerson({ children = "nobody yet" }: { children?: ReactNode }) {
  return (
    <span className={s.person}>
      <span className={s.avatar} data-none aria-hidden />
      {children}
    </span>
  );
}
