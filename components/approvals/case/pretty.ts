export type Line = {
  n: number;
  indent: string;
  /** With its quotation marks, as in the bytes. */
  key: string | null;
  value: string;
  end: string;
  redacted: boolean;
  /** Numbers and truth: what is easily overlooked. */
  strong: boolean;
};

const KEYED = /^("(?:[^"\\]|\\.)*"): (.*)$/s;

/** Canonical JSON, one value a line. What does not parse stands as it is. */
export function prettyLines(args: string): Line[] {
  let text = args;
  try {
    text = JSON.stringify(JSON.parse(args), null, 2);
  } catch {
    // shown as it came
  }
  return text.split("\n").map((row, n) => {
    const body = row.trimStart();
    const keyed = KEYED.exec(body);
    const rest = keyed?.[2] ?? body;
    const end = /^(?:".*"|[^"]*[^,])(,)$/s.exec(rest)?.[1] ?? "";
    const value = end ? rest.slice(0, -1) : rest;
    return {
      n,
      indent: row.slice(0, row.length - body.length),
      key: keyed?.[1] ?? null,
      value,
      end,
      redacted: /^".*\[redacted/s.test(value),
      strong: /^(?:-?\d|true$|false$|null$)/.test(value),
    };
  });
}
