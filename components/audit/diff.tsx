import s from "./audit.module.css";

type Line = { key: string; sign: "+" | "-" | " "; text: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const say = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Before and after, key by key: what is the same once, what changed twice. */
export function diffLines(before: unknown, after: unknown): Line[] {
  const [was, is] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.flatMap((key): Line[] => {
    const [a, b] = [was[key], is[key]];
    if (JSON.stringify(a) === JSON.stringify(b)) return [{ key, sign: " ", text: `${key}: ${say(b)}` }];
    return [
      ...(a === undefined ? [] : [{ key: `-${key}`, sign: "-" as const, text: `${key}: ${say(a)}` }]),
      ...(b === undefined ? [] : [{ key: `+${key}`, sign: "+" as const, text: `${key}: ${say(b)}` }]),
    ];
  });
}

const WORDS = { "+": "after", "-": "before", " ": "same" } as const;

export function Diff({ before, after }: { before: unknown; after: unknown }) {
  const lines = diffLines(before, after);
  if (lines.length === 0) return <p className={s.nothing}>It changed no value that can be shown.</p>;
  return (
    <ul className={s.diff} aria-label="Before and after">
      {lines.map((line) => (
        <li key={line.key} data-t={line.sign}>
          <span aria-hidden>{line.sign}</span>
          <span>
            <span className="il-sr">{WORDS[line.sign]} </span>
            {line.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
