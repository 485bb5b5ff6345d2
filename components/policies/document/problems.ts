import type { FieldError } from "../queries";
import { positionOf } from "./position";
import type { Problem } from "./said";
import { bodyOf, type Parsed } from "./text";

const UNKNOWN = "Unknown key.";

/** What the server refused, at the place in the text that its path names; with the key that it says was meant. */
export function refused(text: string, errors: readonly FieldError[]): Problem[] {
  const firstLine = { from: 0, to: Math.max(text.indexOf("\n"), 0) };
  return errors.map(({ path, message }) => {
    const at = positionOf(text, path) ?? firstLine;
    if (!message.startsWith(UNKNOWN)) return { ...at, severity: "error", title: path || "The document", message };
    const meant = /^Did you mean (.+)\?$/.exec(message.slice(UNKNOWN.length).trim())?.[1];
    const quote = text[at.from] === '"' ? '"' : "";
    return {
      ...at,
      severity: "error",
      title: `Unknown key ${path}.`,
      message: message.slice(UNKNOWN.length).trim(),
      fix: meant ? { label: `Change to ${meant}`, insert: quote + meant + quote } : undefined,
    };
  });
}

const stated = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);

/** Valid, and yet hardly what is meant. */
export function warnings(text: string, parsed: Parsed): Problem[] {
  if (!parsed.ok) return [];
  const body = bodyOf(parsed.value);
  const out: Problem[] = [];
  const say = (key: string, title: string, message: string) => {
    const at = positionOf(text, key) ?? { from: 0, to: 0 };
    out.push({ ...at, severity: "warning", title, message });
  };
  if (!stated(body.bindings))
    say("bindings", "Binds nobody.", "Without bindings it decides nothing until it is bound.");
  const tools = body.tools as { allow?: unknown } | null | undefined;
  if (stated(body.bindings) && !stated(tools?.allow) && !stated(body.capabilities))
    say("tools", "States no tools.", "Well beside a document that does; alone it denies every call.");
  return out;
}
