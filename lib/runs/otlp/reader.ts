import { fromJson, isRecord } from "./text";
import type { Attributes, OtlpSpan, Value } from "./types";

/** Where frameworks let people hang their own keys on a run. */
const BAGS = [
  "ai.settings.context.",
  "ai.telemetry.metadata.",
  "mastra.metadata.",
  "traceloop.association.properties.",
  "langsmith.metadata.",
  "langfuse.trace.metadata.",
  "langfuse.observation.metadata.",
  "metadata.",
];
const BAG_OBJECTS = ["metadata", "langfuse.trace.metadata", "langfuse.observation.metadata", "langsmith.metadata"];

function asText(value: unknown): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function bagKey(key: string): string {
  return key.replace(/[-_.]/g, "").toLowerCase();
}

/** One span's attributes, remembering which were read: what a field took is not kept a second time. */
export class SpanReader {
  readonly used = new Set<string>();
  private bags: Map<string, { source: string; value: unknown; whole: boolean }> | null = null;

  constructor(
    readonly span: OtlpSpan,
    readonly resource: Attributes,
    readonly scope: { name: string; version: string },
  ) {}

  has(...keys: string[]): boolean {
    return keys.some((key) => Object.hasOwn(this.span.attributes, key));
  }

  hasPrefix(prefix: string): boolean {
    return Object.keys(this.span.attributes).some((key) => key.startsWith(prefix));
  }

  /** Without marking it read. */
  peek(key: string): Value | undefined {
    return Object.hasOwn(this.span.attributes, key) ? this.span.attributes[key] : undefined;
  }

  private first<T>(keys: string[], read: (value: Value) => T | null): T | null {
    for (const key of keys) {
      const value = this.peek(key);
      const result = value === undefined ? null : read(value);
      if (result === null) continue;
      this.used.add(key);
      return result;
    }
    return null;
  }

  /** The first of these that is a non-empty text, number or boolean. */
  text(...keys: string[]): string | null {
    return this.first(keys, asText);
  }

  /** The first of these that is a number of zero or more, as number or as its digits. */
  number(...keys: string[]): number | null {
    return this.first(keys, (value) => amount(value));
  }

  /** The first of these that is present, with JSON in strings parsed; undefined where none is. */
  json(...keys: string[]): unknown {
    const box = this.first<{ value: unknown }>(keys, (value) =>
      value === null || value === "" ? null : { value: fromJson(value) },
    );
    return box?.value;
  }

  /** Texts of a list, of a JSON list in a string, or of one value. */
  texts(...keys: string[]): string[] | null {
    return this.first(keys, (raw) => {
      const value = fromJson(raw);
      const found = (Array.isArray(value) ? value : [value]).map(asText).filter((item) => item !== null);
      return found.length > 0 ? found : null;
    });
  }

  /** A key people set in a framework's metadata, in whatever spelling: `sessionId`, `session_id`, `session.id`. */
  bag(...names: string[]): string | null {
    this.bags ??= this.openBags();
    for (const name of names) {
      const entry = this.bags.get(name);
      const value = entry === undefined ? null : asText(entry.value);
      if (entry === undefined || value === null) continue;
      if (!entry.whole) this.used.add(entry.source);
      return value;
    }
    return null;
  }

  private openBags(): Map<string, { source: string; value: unknown; whole: boolean }> {
    const found = new Map<string, { source: string; value: unknown; whole: boolean }>();
    const add = (key: string, source: string, value: unknown, whole: boolean): void => {
      if (!found.has(bagKey(key))) found.set(bagKey(key), { source, value, whole });
    };
    for (const [key, value] of Object.entries(this.span.attributes)) {
      const prefix = BAGS.find((candidate) => key.startsWith(candidate));
      if (prefix !== undefined) add(key.slice(prefix.length), key, value, false);
    }
    for (const source of BAG_OBJECTS) {
      const value = fromJson(this.peek(source));
      if (isRecord(value)) for (const [key, item] of Object.entries(value)) add(key, source, item, true);
    }
    return found;
  }
}

/** Tokens and money arrive as numbers or as their digits; NaN, infinities and negatives are nothing said. */
export function amount(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : null;
}

/** `a.0.b = x` as `{a: {0: {b: x}}}`: flattened messages, for those who read them as a tree. */
export function unflatten(attributes: Attributes, prefix: string): unknown {
  const root: Record<string, unknown> = Object.create(null);
  let found = false;
  for (const [key, value] of Object.entries(attributes)) {
    if (!key.startsWith(`${prefix}.`)) continue;
    found = true;
    const parts = key
      .slice(prefix.length + 1)
      .split(".")
      .slice(0, 16);
    let node = root;
    parts.forEach((part, index) => {
      if (index === parts.length - 1) {
        if (!isRecord(node[part])) node[part] = value;
        return;
      }
      const next = node[part];
      const child: Record<string, unknown> = isRecord(next) ? next : Object.create(null);
      node[part] = child;
      node = child;
    });
  }
  return found ? root : undefined;
}
