import type { Signals } from "../span";
import { redactText } from "./redact";
import { cut, isRecord } from "./text";

const MAX_TEXT = 64 * 1024;
const MAX_TERMS = 48;

/** Words that set aside what the agent was told, or that speak as somebody with a right to. */
const STRONG = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|all|your|any)\b.{0,40}\b(?:\w{0,3}n?structions?|prompts?|messages?|rules?|directions?|guidelines?|tasks?|context)\b/is,
  /\b(?:new|updated|real|actual|important|secret|hidden|additional) (?:system )?(?:instructions?|prompt)\b.{0,3}[:>\n]/is,
  /\b(?:system prompt|developer message)\b.{0,20}[:>]|<\/?\s*(?:system|assistant|instructions?|important|information|admin|task|prompt)\s*>|\[\/?(?:INST|SYSTEM|INSTRUCTIONS?)\]|<\|(?:im_start|system|user|assistant)/is,
  /\byou (?:are|must) now\b.{0,60}\b(?:act|behave|respond|follow|obey|an? )/is,
  /\b(?:message|instructions?|note|reminder|request|warning|attention)\b.{0,40}\b(?:from me|for|to)\b.{0,30}\b(?:you,|the (?:ai|assistant|agent|model|llm)|(?:ai|language) (?:assistant|agent|model)s?)\b/is,
  /\b(?:before|instead of|in order to|prior to)\b.{0,40}\b(?:solv|complet|answer|continu|proceed|finish|do)\w{0,6}\b.{0,40}\b(?:task|request|question|user|original|query|job)\b.{0,80}\b(?:first|must|need|please|have to|should|following)\b/is,
  /\b(?:do not|don't|never|without)\b.{0,15}\b(?:tell|mention|inform|reveal|alert|notify|telling|mentioning|informing|asking)\w*\b.{0,30}\b(?:the )?(?:user|anyone|human|them|operator)\b/is,
  /\b(?:dear|hey|hello|attention|hi)\b[ ,]{1,3}(?:ai|assistant|agent|llm|claude|gpt|chatgpt|gemini|copilot|language model|bot)\b/is,
  /\bas an? (?:ai|assistant|language model|agent)\b.{0,30}\byou (?:must|should|need|have to|are required)\b/is,
  /\b(?:strictly (?:adhere|follow|obey)|follow (?:only )?(?:these|the following|my) (?:instructions?|steps|commands?))\b/is,
  /\b(?:i (?:can't|cannot|am unable to)|you (?:can't|cannot|must not)) (?:continue|proceed|process|complete)\b.{0,60}\b(?:until|unless|because|captcha|without)\b/is,
];
/** An order left lying in data: honest text has it too, so it counts only when it is followed. */
const WEAK = [
  /(?:^|[\n"'>:;.\-*]\s*)(?:TODO|TASK|ACTION(?: REQUIRED)?|IMPORTANT|URGENT|NOTE TO SELF)\b\s*[:!-]{1,3}\s*\S/s,
];

const FNV = 0xcbf29ce484222325n;
const known = new Map<string, string>();
/** A short hash of a name: enough to tell one from another within a run, useless for anything else. */
function hashOf(term: string): string {
  const found = known.get(term);
  if (found !== undefined) return found;
  let h = FNV;
  for (let i = 0; i < term.length; i++) h = BigInt.asUintN(64, (h ^ BigInt(term.charCodeAt(i))) * 0x100000001b3n);
  const out = h.toString(36);
  if (known.size > 20_000) known.clear();
  known.set(term, out);
  return out;
}

const TERM =
  /[\w.+-]{2,64}@[\w-]+(?:\.[\w-]+)+|(?:https?:\/\/|www\.)[^\s"'<>)\]]{3,120}|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}\b(?:\/[^\s"'<>)\]]{0,80})?|[A-Z]{2}\d{8,30}|\b\d[\d.,:-]{2,24}\d\b|\b[a-z]+(?:_[a-z0-9]+)+\b|#\w{2,40}|["'“‘]([^"'”’\n]{1,80})["'”’]/g;
const PROPER = /\b[A-Z][\p{L}\p{N}'’-]{2,24}(?:\s+[A-Z][\p{L}\p{N}'’-]{1,24}){0,4}/gu;
/** Capitals that begin sentences and headings name nothing. */
const COMMON = new Set(
  "the this that please before after you your send make create reserve book invite visit post share delete update change transfer important information todo task note then first also from with hello dear hi thanks thank regards best yes not ignore all previous instructions when what where which how can could will would should must".split(
    " ",
  ),
);

const normal = (term: string): string =>
  term
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/)?(?:www\.)?/, "")
    .replace(/[.,;:!?/]+$/, "")
    .replace(/\s+/g, " ");

function termsIn(text: string, withNames: boolean, into: Set<string>, max = MAX_TERMS): void {
  for (const match of text.matchAll(TERM)) add(match[1] ?? match[0], into, max);
  if (!withNames) return;
  for (const [name] of text.matchAll(PROPER)) if (!COMMON.has(name.toLowerCase())) add(name, into, max);
}
function add(term: string, into: Set<string>, max = MAX_TERMS): void {
  const clean = normal(term);
  // A short number is a name too, where somebody puts it in quotes or hands it over alone.
  if ((clean.length >= 3 || /^\d{2}$/.test(clean)) && into.size < max) into.add(clean);
}

function leaves(value: unknown, into: string[], depth = 0): void {
  if (into.length > 200 || depth > 12) return;
  if (typeof value === "string") into.push(value);
  else if (typeof value === "number") into.push(String(value));
  else if (Array.isArray(value)) for (const item of value) leaves(item, into, depth + 1);
  else if (isRecord(value)) for (const item of Object.values(value)) leaves(item, into, depth + 1);
}
function textOf(value: unknown): string {
  if (typeof value === "string") return cut(value, MAX_TEXT);
  const parts: string[] = [];
  leaves(value, parts);
  return cut(parts.join("\n"), MAX_TEXT);
}

const AFTER = 420;
const TAG = /<\s*([a-z][\w-]{1,30})\s*>(?:[^<]{0,60})$/i;
/** Where the passage stands that speaks to the agent: between its own tags, else from its first sign to a little after its last. */
function passageOf(text: string, from: number, end: number): [number, number] {
  const tag =
    TAG.exec(text.slice(Math.max(0, from - 80), from + 40))?.[1] ??
    /<\s*([a-z][\w-]{1,30})\s*>/i.exec(text.slice(from, end))?.[1];
  const close = tag === undefined ? -1 : text.toLowerCase().indexOf(`</${tag.toLowerCase()}`, end - 1);
  return [from, close > 0 && close < from + 4_000 ? close : Math.min(text.length, end + AFTER)];
}

/** What a result says to the agent, if it does. */
function injectionIn(text: string): Signals["inject"] {
  let strong: RegExpExecArray | null = null;
  let end = 0;
  for (const pattern of STRONG) {
    const found = pattern.exec(text);
    if (!found) continue;
    if (strong === null || found.index < strong.index) strong = found;
    end = Math.max(end, found.index + found[0].length);
  }
  const found = strong ?? WEAK.map((p) => p.exec(text)).find((m) => m !== null) ?? null;
  if (found === null) return undefined;
  const [from, to] = passageOf(text, found.index, Math.max(end, found.index + found[0].length));
  const terms = new Set<string>();
  termsIn(text.slice(from, to), true, terms);
  // What the rest of the result names too is its matter, not the intruder's.
  const besides = new Set<string>();
  termsIn(`${text.slice(0, from)}\n${text.slice(to)}`, true, besides, 400);
  for (const term of besides) terms.delete(term);
  // The words that gave it away, and no more: what it names stays out of alerts.
  const quote = found[0].replace(/\s+/g, " ").trim();
  return { quote: cut(redactText(quote), 160), strong: strong !== null, terms: [...terms].map(hashOf) };
}

/** Whole short values and what stands in them. */
export function namesIn(value: unknown): string[] {
  const parts: string[] = [];
  leaves(value, parts);
  const terms = new Set<string>();
  for (const part of parts) {
    if (part.length <= 80) add(part, terms);
    termsIn(part.slice(0, 4_000), true, terms);
  }
  return [...terms].map(hashOf);
}

/** Of a tool: what its arguments name, and whether its result speaks to the agent. Of a message: what it names. */
export function signalsOf(kind: string, args: unknown, result: unknown): Signals | null {
  if (kind === "message") {
    const terms = namesIn(args ?? result);
    return terms.length > 0 ? { terms } : null;
  }
  if (kind !== "tool" && kind !== "retriever") return null;
  const terms = args === undefined || args === null ? [] : namesIn(args);
  const inject = result === undefined || result === null ? undefined : injectionIn(textOf(result));
  if (terms.length === 0 && inject === undefined) return null;
  return { ...(inject && { inject }), ...(terms.length > 0 && { terms }) };
}
