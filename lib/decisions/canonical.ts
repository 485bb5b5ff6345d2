import canonicalize from "canonicalize";
import { Failure, type FieldError } from "../platform/errors";

const MAX_DEPTH = 64;

const refuse = (errors: FieldError[]): Failure =>
  new Failure("args_not_canonical", "These arguments have no one canonical form (RFC 8785).", { errors });

/** What RFC 8785 cannot say without loss: integers beyond 2^53, infinities, lone surrogates, nesting without end. */
function problem(value: unknown, path: string, depth: number): FieldError | null {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return { path, message: "Is no finite number." };
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      return { path, message: "An integer beyond 2^53: send it as text." };
    return null;
  }
  if (typeof value === "string") return value.isWellFormed() ? null : { path, message: "Has a lone surrogate." };
  if (typeof value !== "object" || value === null) return null;
  if (depth > MAX_DEPTH) return { path, message: `Is nested deeper than ${MAX_DEPTH}.` };
  const entries = Array.isArray(value) ? value.map((v, n) => [`[${n}]`, v] as const) : Object.entries(value);
  for (const [key, item] of entries) {
    if (!key.isWellFormed()) return { path, message: "Has a key with a lone surrogate." };
    const found = problem(item, Array.isArray(value) ? `${path}${key}` : `${path}.${key}`, depth + 1);
    if (found) return found;
  }
  return null;
}

/** The RFC 8785 text of arguments. @throws Failure `args_not_canonical` with the path of what has none */
export function canonicalArgs(args: unknown, path = "args"): string {
  const found = problem(args, path, 0);
  if (found) throw refuse([found]);
  return canonicalize(args) ?? "null";
}

const countKeys = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  const values = Object.values(value);
  return values.reduce<number>((sum, item) => sum + countKeys(item), values.length);
};

/** In JSON text a quote that a colon follows ends a key, or begins a text whose first sign is a colon: never too few. */
const KEY_END = /"\s*:/g;

function keysIn(text: string): number {
  let n = 0;
  for (const match of text.matchAll(KEY_END)) {
    let slashes = 0;
    for (let at = match.index - 1; text[at] === "\\"; at--) slashes++;
    if (slashes % 2 === 0) n++;
  }
  return n;
}

/**
 * Parses a body and refuses keys that stand twice: two readers would take different arguments from it.
 * @throws Failure `args_not_canonical` | SyntaxError where it is no JSON
 */
export function parseStrict(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (keysIn(text) === countKeys(value)) return value;
  const path = twice(text);
  if (path === null) return value;
  throw refuse([{ path, message: "Stands twice in one object." }]);
}

/** Where the first key is that stands twice; null: none does. Read sign by sign, so only where the counts differ. */
function twice(text: string): string | null {
  const stack: { keys: Set<string>; at: string; array: boolean; n: number }[] = [];
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\],]/g;
  let key = "";
  for (const [whole, colon] of text.matchAll(token)) {
    const top = stack.at(-1);
    if (whole === "{" || whole === "[") {
      const at = !top ? "" : top.array ? `${top.at}[${top.n}]` : top.at ? `${top.at}.${key}` : key;
      stack.push({ keys: new Set(), at, array: whole === "[", n: 0 });
    } else if (whole === "}" || whole === "]") stack.pop();
    else if (whole === ",") {
      if (top) top.n++;
    } else if (colon !== undefined && top) {
      key = JSON.parse(whole.slice(0, -colon.length)) as string;
      if (top.keys.has(key)) return top.at ? `${top.at}.${key}` : key;
      top.keys.add(key);
    }
  }
  return null;
}
