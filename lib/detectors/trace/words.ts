/** Words that say nothing of what is asked for. */
const STOP = new Set(
  "the a an of to in for and or is are was were be with on at by from as that this it its please find look up search i you we our what which who how when where page can could do does if not about into any there".split(
    " ",
  ),
);

export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) if (!STOP.has(word)) words.add(word);
  return words;
}

/** Shared words of all words, 0 to 1. */
export function likeness(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const word of small) if (large.has(word)) shared++;
  return shared / (a.size + b.size - shared);
}

/** The values of a JSON preview, without its keys; the text itself where it is none. */
export function valuesOf(preview: string): string {
  if (!preview.startsWith("{") && !preview.startsWith("[")) return preview;
  const out: string[] = [];
  for (const [, key, value] of preview.matchAll(/"((?:[^"\\]|\\.)*)"\s*:|"((?:[^"\\]|\\.)*)"?/g))
    if (key === undefined && value) out.push(value);
  return out.join(" ");
}

const CODE = /[\n;{}|=<>]|\\n|&&|\/\w+\/|\w+\(.*\)|https?:/;
/** Something a person could have asked: words, no code, no path, no address. */
export function prose(text: string): boolean {
  return (
    text.length <= 400 &&
    (text.match(/\p{L}{2,}/gu)?.length ?? 0) >= 3 &&
    /\S\s+\S+\s+\S/.test(text) &&
    !CODE.test(text)
  );
}
