import { type Rule, reaches, severityOf } from "./rule";
import type { Aggregate } from "./schema";
import type { Measured } from "./store/windows";

export const DEFAULT_WINDOW_S = 3_600;
export const windowOf = (rule: Rule): number => (rule.windowS ?? DEFAULT_WINDOW_S) * 1000;

export type WindowHit = { key: string; value: number; at: number; rows: Measured[] };

/** Where a value stands, or would stand, among values in order. */
function placeOf(sorted: readonly number[], value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Values in a window that moves on: each one enters once and leaves once. */
class Gathered {
  #sorted: number[] = [];
  #sum = 0;
  get size(): number {
    return this.#sorted.length;
  }
  enter(value: number): void {
    this.#sorted.splice(placeOf(this.#sorted, value), 0, value);
    this.#sum += value;
  }
  leave(value: number): void {
    this.#sorted.splice(placeOf(this.#sorted, value), 1);
    this.#sum = this.#sorted.length === 0 ? 0 : this.#sum - value;
  }
  #rank(share: number): number {
    return this.#sorted[Math.max(0, Math.ceil(this.size * share) - 1)] ?? 0;
  }
  /** @param runs of all kinds within the same window: what a rate is a share of */
  value(how: Aggregate, runs: number): number {
    switch (how) {
      case "sum":
        return this.#sum;
      case "count":
        return this.size;
      case "rate":
        return runs === 0 ? 0 : this.size / runs;
      case "avg":
        return this.size === 0 ? 0 : this.#sum / this.size;
      case "max":
        return this.#sorted.at(-1) ?? 0;
      case "min":
        return this.#sorted[0] ?? 0;
      case "p50":
        return this.#rank(0.5);
      case "p95":
        return this.#rank(0.95);
      case "p99":
        return this.#rank(0.99);
    }
  }
}

/** The most extreme of the windows of one key that fire, dated by the first of them. */
function slideOver(rule: Rule, rows: readonly Measured[], runs: readonly Measured[], fromMs: number): WindowHit | null {
  const inside = new Gathered();
  let hit = null as WindowHit | null;
  let hitFrom = 0;
  let hitTo = 0;
  let opened = 0;
  let endedFrom = 0;
  let endedTo = 0;
  for (const [to, row] of rows.entries()) {
    const opens = row.at - windowOf(rule);
    inside.enter(row.value);
    for (let r = rows[opened]; r && r.at <= opens; r = rows[++opened]) inside.leave(r.value);
    for (let r = runs[endedTo]; r && r.at <= row.at; r = runs[++endedTo]);
    for (let r = runs[endedFrom]; r && r.at <= opens; r = runs[++endedFrom]);
    if (row.at < fromMs) continue;
    const value = inside.value(rule.aggregate ?? "count", Math.max(endedTo - endedFrom, inside.size));
    if (severityOf(rule, value) === null || (hit && !reaches(rule.op, value, hit.value))) continue;
    hit = { key: row.key, value, at: hit?.at ?? row.at, rows: [] };
    hitFrom = opened;
    hitTo = to + 1;
  }
  return hit && { ...hit, rows: rows.slice(hitFrom, hitTo) };
}

function byKey(rows: readonly Measured[]): Map<string, Measured[]> {
  const lists = new Map<string, Measured[]>();
  for (const row of rows) {
    const list = lists.get(row.key);
    if (list) list.push(row);
    else lists.set(row.key, [row]);
  }
  return lists;
}

/**
 * Over every window that ends at one of these moments: the first that fires, and the most extreme. Pure.
 * @param rows oldest first @param fromMs windows that end before it are left out; `last` asks only for each key's newest
 */
export function slide(
  rule: Rule,
  rows: readonly Measured[],
  runs: readonly Measured[],
  fromMs: number | "last",
): WindowHit[] {
  const runsOf = byKey(runs);
  return [...byKey(rows)].flatMap(([key, list]) => {
    const from = fromMs === "last" ? (list.at(-1)?.at ?? 0) : fromMs;
    return slideOver(rule, list, runsOf.get(key) ?? [], from) ?? [];
  });
}
