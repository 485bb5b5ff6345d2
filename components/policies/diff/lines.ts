export type DiffLine = { sign: " " | "+" | "-"; text: string; before: number | null; after: number | null };

/** Longest common lines of two texts, between what is the same at both ends. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  return pairs;
}

const linesIn = (text: string): string[] => text.replace(/\n+$/, "").split("\n");

/** Two texts line by line: what went, then what came, then what is the same. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesIn(before), linesIn(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const same: [number, number][] = [
    ...Array.from({ length: head }, (_, n): [number, number] => [n, n]),
    ...middle.map(([i, j]): [number, number] => [i + head, j + head]),
    ...Array.from({ length: tail }, (_, n): [number, number] => [a.length - tail + n, b.length - tail + n]),
  ];
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...same, [a.length, b.length] as const]) {
    for (; i < x; i++) out.push({ sign: "-", text: a[i] ?? "", before: i + 1, after: null });
    for (; j < y; j++) out.push({ sign: "+", text: b[j] ?? "", before: null, after: j + 1 });
    if (x < a.length) out.push({ sign: " ", text: a[x] ?? "", before: ++i, after: ++j });
  }
  return out;
}

export const countOf = (lines: readonly DiffLine[]) => ({
  added: lines.filter((line) => line.sign === "+").length,
  removed: lines.filter((line) => line.sign === "-").length,
});

export type Folded = DiffLine | { fold: DiffLine[] };
const KEEP = 3;

/** Runs of unchanged lines become one row, but for a few beside a change. */
export function fold(lines: readonly DiffLine[]): Folded[] {
  const near = lines.map((_, n) => lines.slice(Math.max(0, n - KEEP), n + KEEP + 1).some((line) => line.sign !== " "));
  const out: Folded[] = [];
  for (let n = 0; n < lines.length; ) {
    let end = n;
    while (end < lines.length && !near[end]) end++;
    if (end - n > 2) {
      out.push({ fold: lines.slice(n, end) });
      n = end;
    } else {
      const line = lines[n++];
      if (line) out.push(line);
    }
  }
  return out;
}

/** For each line of the last text, which of the texts (oldest first) brought it. */
export function since(texts: readonly string[]): number[] {
  return texts.reduce<number[]>(
    (known, text, n) =>
      n === 0
        ? linesIn(text).map(() => 0)
        : diffLines(texts[n - 1] ?? "", text)
            .filter((line) => line.sign !== "-")
            .map((line) => (line.before === null ? n : (known[line.before - 1] ?? n))),
    [],
  );
}
