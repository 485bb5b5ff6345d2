import type { TimelineItem } from "../schema";

/**
 * At most so many, in their order. What there is most of gives up its middle: how it began and how it ended stay, and rare
 * things are never lost among many.
 */
export function bounded(items: readonly TimelineItem[], most: number): { items: TimelineItem[]; leftOff: number } {
  const over = items.length - most;
  if (over <= 0) return { items: [...items], leftOff: 0 };
  const counts = new Map<string, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const drop = new Map<string, number>();
  for (let n = 0; n < over; n++) {
    const [kind] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    counts.set(kind, (counts.get(kind) ?? 0) - 1);
    drop.set(kind, (drop.get(kind) ?? 0) + 1);
  }
  const seen = new Map<string, number>();
  const kept = items.filter(({ kind }) => {
    const at = seen.get(kind) ?? 0;
    seen.set(kind, at + 1);
    const first = Math.ceil((counts.get(kind) ?? 0) / 2);
    return at < first || at >= first + (drop.get(kind) ?? 0);
  });
  return { items: kept, leftOff: over };
}
