import { patternOf } from "./authz";

/** The first pattern that fits, by its place; -1: none. Exact names are looked up, patterns tried in order. */
export type Glob = (value: string) => number;

/** Compiles patterns in which `*` stands for any characters, dots included. */
export function glob(patterns: readonly string[]): Glob {
  const exact = new Map<string, number>();
  const open: { fits: (value: string) => boolean; at: number }[] = [];
  for (const [at, pattern] of patterns.entries()) {
    if (pattern.includes("*")) open.push({ fits: patternOf(pattern), at });
    else if (!exact.has(pattern)) exact.set(pattern, at);
  }
  return (value) => {
    const found = exact.get(value) ?? -1;
    for (const { fits, at } of open) {
      if (found !== -1 && at > found) break;
      if (fits(value)) return at;
    }
    return found;
  };
}
