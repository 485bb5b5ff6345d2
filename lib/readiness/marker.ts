import type { MarkerKind } from "./schema";

export type Marker = { kind: MarkerKind; name: string | null; value: string };
export type Answered = { status: number; header: (name: string) => string | null; text: string; over: boolean };
export type Seen = { ok: boolean; matched: boolean | null; found: string | null; error: string | null };

const SHOWN = 200;
const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);

/** `env.name`, `$.nodes[0].id`: own keys only. */
export function at(value: unknown, path: string): unknown {
  const parts = path
    .replace(/^\$?\.?/, "")
    .split(/\.|\[(\d+)\]/)
    .filter((p): p is string => p !== undefined && p !== "");
  return parts.reduce<unknown>(
    (v, part) =>
      typeof v === "object" && v !== null && Object.hasOwn(v, part) ? (v as Record<string, unknown>)[part] : undefined,
    value,
  );
}

type Found = { found: string | null; matched: boolean; blind?: string };
function look(marker: Marker, answer: Answered): Found {
  switch (marker.kind) {
    case "header": {
      const found = answer.header(marker.name ?? "")?.trim() ?? null;
      return { found: found === null ? null : short(found), matched: found === marker.value };
    }
    case "body": {
      if (answer.text.includes(marker.value)) return { found: short(marker.value), matched: true };
      return {
        found: null,
        matched: false,
        ...(answer.over ? { blind: "The page is too large: its beginning does not hold the marker." } : {}),
      };
    }
    case "json_path":
      try {
        const value = at(JSON.parse(answer.text), marker.name ?? "");
        const text = typeof value === "object" ? JSON.stringify(value) : String(value);
        return value === undefined || value === null
          ? { found: null, matched: false }
          : { found: short(text), matched: text === marker.value };
      } catch {
        return {
          found: null,
          matched: false,
          blind: answer.over ? "The answer is too large to be read." : "It answered no JSON.",
        };
      }
  }
}

/** What an answer proves. Pure. A page that could not be read proves nothing; one that shows another marker proves the wrong place. */
export function seenIn(marker: Marker, answer: Answered): Seen {
  const { found, matched, blind } = look(marker, answer);
  if (matched) return { ok: true, matched: true, found, error: null };
  if (found !== null) return { ok: true, matched: false, found, error: null };
  if (answer.status < 200 || answer.status > 299) {
    const to = answer.header("location");
    const said =
      to && answer.status < 400
        ? `it answered ${answer.status}, to ${short(to)}: name the address it leads to`
        : `it answered ${answer.status}`;
    return { ok: false, matched: null, found: null, error: said };
  }
  return blind
    ? { ok: false, matched: null, found: null, error: blind }
    : { ok: true, matched: false, found: null, error: null };
}
