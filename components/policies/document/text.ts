import { isMap, isScalar, type Node, parse, parseDocument, stringify } from "yaml";
import type { PolicyVersionShape } from "@/lib/policies/schema";

export type Format = "yaml" | "json";
export type Parsed =
  | { ok: true; value: Record<string, unknown> }
  | { ok: false; message: string; from: number; to: number };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where the text cannot be read at all; JSON is read strictly, with the place found by the YAML reader. */
export function parseText(text: string, format: Format): Parsed {
  const doc = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const [first] = doc.errors;
  if (first) {
    const [from, to] = first.pos;
    return { ok: false, message: first.message.split("\n")[0] ?? "Cannot be read.", from, to };
  }
  if (format === "json") {
    try {
      JSON.parse(text);
    } catch (error) {
      const said = error instanceof Error ? error.message : "Not JSON.";
      const found = Number(/position (\d+)/.exec(said)?.[1] ?? text.length);
      return { ok: false, message: `Not JSON: ${said}`, from: Math.min(found, text.length), to: text.length };
    }
  }
  const value: unknown = doc.toJS();
  if (isRecord(value)) return { ok: true, value };
  return { ok: false, message: "A policy is a map of keys.", from: 0, to: text.length };
}

/** The keys of a document: they stand at the top, or under `agent:`. */
export function bodyOf(value: Record<string, unknown>): Record<string, unknown> {
  const inner = value.agent;
  if (!isRecord(inner)) return value;
  const { agent: _, ...rest } = value;
  return { ...rest, ...inner };
}

export const write = (value: unknown, format: Format): string =>
  format === "json" ? `${JSON.stringify(value, null, 2)}\n` : stringify(value, { lineWidth: 110 });

/** The same document in the other notation; comments have none in JSON. */
export function convert(text: string, to: Format): string {
  return write(parse(text), to);
}

export const hasComments = (text: string): boolean => /(^|\s)#/m.test(text);

/** A value in one line, as it would be written by hand. */
function inline(value: unknown, format: Format): string {
  if (format === "json") return JSON.stringify(value);
  const flow = stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
  return flow.replace(/^\[ /, "[").replace(/ \]$/, "]");
}

/** The text with one key at the top said anew, and nothing else touched: comments and spacing stay. */
export function withKey(text: string, format: Format, key: "state" | "policy_id" | "bindings", said: unknown): string {
  const root = parseDocument(text).contents;
  if (!isMap(root)) return text;
  const value = inline(said, format);
  for (const map of [root, root.get("agent")]) {
    if (!isMap(map)) continue;
    const pair = map.items.find((each) => isScalar(each.key) && each.key.value === key);
    const from = (pair?.key as Node | undefined)?.range?.[1];
    const to = (pair?.value as Node | null | undefined)?.range?.[1];
    if (from === undefined || to === undefined) continue;
    // the end of a list of lines is the begin of the next key
    const end = text.slice(0, to).trimEnd().length;
    return `${text.slice(0, from)}: ${value}${text.slice(end)}`;
  }
  if (format === "json") return text.replace(/\{\s*/, (open) => `${open}"${key}": ${value},\n  `);
  const named = /^policy_id:.*$/m.exec(text);
  if (!named) return `${key}: ${value}\n${text}`;
  const end = named.index + named[0].length;
  return `${text.slice(0, end)}\n${key}: ${value}${text.slice(end)}`;
}

/** A version in the notation that is looked at; in its own it stands as it was sent. */
export const textIn = (version: PolicyVersionShape, format: Format): string =>
  version.format === format ? version.source : convert(version.source, format);

/** A version as it was sent, but for the state that it has come to since. */
export function sourceOf({ source, format, state }: PolicyVersionShape): string {
  const said = parseText(source, format);
  const stated = said.ok ? bodyOf(said.value).state : undefined;
  return stated === undefined || stated === state ? source : withKey(source, format, "state", state);
}

/** The name that the text gives itself. */
export function nameIn(text: string): string | null {
  try {
    const value: unknown = parse(text);
    const named = isRecord(value) ? bodyOf(value).policy_id : undefined;
    return typeof named === "string" && named !== "" ? named : null;
  } catch {
    return null;
  }
}

export const formatOf = (text: string): Format => (text.trimStart().startsWith("{") ? "json" : "yaml");
