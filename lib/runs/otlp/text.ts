/** Postgres refuses NUL in text and jsonb, and a lone surrogate is no text at all. */
export function cleanText(text: string): string {
  const free = text.includes("\u0000") ? text.replaceAll("\u0000", "") : text;
  return free.isWellFormed() ? free : free.toWellFormed();
}

/** The first `max` UTF-16 units, one less where that would split a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** The first line that says something: what follows in a status message is a stack. */
export function firstLine(text: string, max = 500): string {
  for (const line of text.slice(0, 20_000).split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed !== "") return cut(trimmed, max);
  }
  return "";
}

/** Own keys only; `__proto__` would reach the prototype, so it is dropped. */
export function put<T>(target: { [key: string]: T }, key: string, value: T): void {
  if (key !== "__proto__") target[key] = value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const MAX_JSON = 4 * 1024 * 1024;

/**
 * What a JSON object or array in a string says; anything else is returned as it is. Integers of 16 digits and more
 * become strings, because a number would make two different ids equal.
 */
export function fromJson(value: unknown): unknown {
  if (typeof value !== "string" || value.length > MAX_JSON) return value;
  const start = value.trimStart()[0];
  if (start !== "{" && start !== "[") return value;
  const exact = /\d{16}/.test(value)
    ? value.replace(/([:[,]\s{0,8})(-?\d{16,400})(?=\s{0,8}[,}\]])/g, '$1"$2"')
    : value;
  for (const text of exact === value ? [value] : [exact, value]) {
    try {
      return JSON.parse(text);
    } catch {
      // Not JSON after all, or the quotes fell inside a string: try as sent, else it is text.
    }
  }
  return value;
}
