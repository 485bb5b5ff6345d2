import type { SpanEvent } from "../span";
import { canonicalJson, preview, sha256hex } from "./fingerprint";
import { redact } from "./redact";
import { cut, firstLine, put, utf8Bytes } from "./text";
import type { Attributes, OtlpEvent, OtlpSpan, Value } from "./types";

const MAX_ATTRIBUTES = 128;
const MAX_BYTES = 32 * 1024;
const MAX_TEXT = 1_000;
const MAX_EVENTS = 32;
const MAX_EVENT_BYTES = 4 * 1024;

/** Lists that arrive as one attribute for each leaf, and would crowd all others out. */
const FLAT =
  /^(llm\.(?:input_messages|output_messages|prompts|choices|tools)|gen_ai\.(?:prompt|completion)|retrieval\.documents|reranker\.(?:input|output)_documents|embedding\.embeddings|llm\.request\.functions)\.\d+\./;

/** What a person or a model wrote, or a tool was given and gave back: kept as a fingerprint, never as it is. */
const CONTENT = new RegExp(
  [
    "^gen_ai\\.(prompt|completion|system_instructions|input\\.messages|output\\.messages|tool\\.definitions|tool\\.call\\.(arguments|result)|request\\.messages|response\\.text|retrieval\\.(query\\.text|documents))$",
    "^(input|output)\\.value$|^llm\\.(prompts|completions|input_messages|output_messages|tools|invocation_parameters|function_call)$",
    "^llm\\.prompt_template\\.|^tool\\.(parameters|args|arguments|input|output|result|json_schema)$|^tool_call\\.function\\.arguments$",
    "^ai\\.(prompt(\\..+)?|response\\.(text|toolCalls|object|reasoning|files)|toolCall\\.(args|input|result|output)|values?|embeddings?)$",
    "^traceloop\\.entity\\.(input|output)$|^langfuse\\.(observation|trace)\\.(input|output)$|^mastra\\.[^.]+\\.(input|output)$",
    "^(smolagents\\.task|user_prompt|prompt|completion|content|message|messages|new_context|tool_(input|output|result|parameters)|gen_ai\\.event\\.content)$",
    "^(exception\\.stacktrace|db\\.(statement|query\\.text)|http\\.(request|response)\\.body.*|url\\.query|gen_ai\\.evaluation\\.explanation)$",
  ].join("|"),
);

/** What a name says of its value, worked out once a name: the same ones come with every span. */
type Role = { flat: string | undefined; content: boolean };
const roles = new Map<string, Role>();
function roleOf(key: string): Role {
  const known = roles.get(key);
  if (known !== undefined) return known;
  const role = { flat: FLAT.exec(key)?.[1], content: CONTENT.test(key) };
  if (roles.size > 5_000) roles.clear();
  roles.set(key, role);
  return role;
}

function digest(value: unknown): Record<string, unknown> {
  const text = typeof value === "string" ? value : canonicalJson(value);
  return { sha256: sha256hex(text), bytes: utf8Bytes(text), preview: preview(text, 200) };
}

function short(key: string, value: Value): unknown {
  if (roleOf(key).content) return digest(value);
  const size = typeof value === "string" ? value.length : typeof value === "object" ? canonicalJson(value).length : 0;
  return size > MAX_TEXT ? digest(value) : value;
}

/** Entries within a count and a size of JSON; what does not fit is counted, not kept. */
function within(
  entries: [string, unknown][],
  count: number,
  bytes: number,
): { kept: Record<string, unknown>; cut: number } {
  const kept: Record<string, unknown> = {};
  let left = bytes - 64;
  let taken = 0;
  for (const [key, value] of entries) {
    const size = utf8Bytes(JSON.stringify(key)) + utf8Bytes(JSON.stringify(value) ?? "null") + 2;
    if (taken >= count || size > left) continue;
    left -= size;
    taken += 1;
    put(kept, key, value);
  }
  return { kept, cut: entries.length - taken };
}

function entriesOf(attributes: Attributes, used: Set<string>): [string, unknown][] {
  const plain: [string, unknown][] = [];
  const content: [string, unknown][] = [];
  const flat = new Map<string, Attributes>();
  for (const [key, value] of Object.entries(attributes)) {
    const prefix = roleOf(key).flat;
    if (prefix !== undefined) {
      const group = flat.get(prefix) ?? {};
      put(group, key.slice(prefix.length + 1), value);
      flat.set(prefix, group);
    } else if (!used.has(key)) {
      const kept = short(key, value);
      (kept === value ? plain : content).push([cut(key, 200), kept]);
    }
  }
  for (const [prefix, group] of flat) content.push([prefix, digest(group)]);
  return [...plain, ...content].map(([key, value]) => [key, value]);
}

/** Redacted together, so that a secret's key is seen with its value. */
function safe(entries: [string, unknown][]): [string, unknown][] {
  return entries.flatMap(([key, value]) => Object.entries(redact({ [key]: value }) ?? {}));
}

const resources = new WeakMap<Attributes, Record<string, unknown>>();
/** A resource is the same object for every span under it. */
function resourceOf(resource: Attributes): Record<string, unknown> {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const { kept } = within(safe(entriesOf(resource, new Set())), 48, 8 * 1024);
  resources.set(resource, kept);
  return kept;
}

/**
 * All that no field took, with content replaced by `{sha256, bytes, preview}`: at most 128 attributes and 32 KB of
 * JSON. `ours` come first and are not redacted. What did not fit is counted in `interlock.attributes_cut`.
 */
export function keptAttributes(
  span: OtlpSpan,
  resource: Attributes,
  used: Set<string>,
  ours: Record<string, unknown>,
): Record<string, unknown> {
  const about = resourceOf(resource);
  const first: [string, unknown][] = Object.entries(ours);
  if (Object.keys(about).length > 0) first.push(["resource", about]);
  const links = span.links.slice(0, 8).map((link) => {
    const about = within(safe(entriesOf(link.attributes, new Set())), 8, 1_024).kept;
    return { traceId: cut(link.traceId, 32), spanId: cut(link.spanId, 16), attributes: about };
  });
  if (links.length > 0) first.push(["links", links]);
  const { kept, cut: lost } = within(
    [...first, ...safe(entriesOf(span.attributes, used))],
    MAX_ATTRIBUTES - 1,
    MAX_BYTES,
  );
  return lost > 0 ? { ...kept, "interlock.attributes_cut": lost } : kept;
}

function isoTime(nanos: string): string | null {
  if (!/^\d{1,19}$/.test(nanos) || nanos === "0") return null;
  return new Date(Number(BigInt(nanos) / 1_000_000n)).toISOString();
}

/** The first 32 events, content and stacks replaced the same way, each within 4 KB; an exception keeps its first line. */
export function keptEvents(events: OtlpEvent[]): SpanEvent[] {
  return events.slice(0, MAX_EVENTS).map((event) => {
    const { "exception.message": message, ...rest } = event.attributes;
    const attributes: Attributes =
      typeof message === "string" ? { "exception.message": firstLine(message), ...rest } : rest;
    const { kept } = within(safe(entriesOf(attributes, new Set())), 32, MAX_EVENT_BYTES);
    return { name: cut(event.name, 200), at: isoTime(event.timeUnixNano), attributes: kept };
  });
}
