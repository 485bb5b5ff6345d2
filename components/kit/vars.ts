import type { CSSProperties } from "react";

/** CSS custom properties for a style attribute; the only inline style the console uses. */
export function vars(properties: Record<`--${string}`, string | number | undefined>): CSSProperties {
  return properties as CSSProperties;
}

/** Class names joined; false, null and undefined are dropped. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
