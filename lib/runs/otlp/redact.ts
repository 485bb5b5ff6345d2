import { cleanText, isRecord, put } from "./text";

export const REDACTED = "[redacted]";
const MAX_DEPTH = 24;
const MAX_NODES = 20_000;
const MAX_TEXT = 256 * 1024;

/** Compared whole, without case and separators, so `apiKey`, `api_key` and `API-KEY` are one. */
const SECRET_KEYS = new Set(
  [
    "authorization proxyauthorization cookie setcookie token apikey xapikey apitoken authtoken accesstoken refreshtoken",
    "idtoken sessiontoken bearertoken xauthtoken csrftoken password passwd passphrase secret clientsecret secretkey",
    "accesskey secretaccesskey awssecretaccesskey privatekey signingkey encryptionkey credential credentials connectionstring",
  ]
    .join(" ")
    .split(" "),
);

/** Of a resource: they carry command lines with secrets, people's names and machine identities. */
const DROPPED_KEYS = new Set([
  "process.command_args",
  "process.command_line",
  "process.command",
  "process.owner",
  "host.id",
]);

const KEYED =
  /\b(authorization|cookie|x-api-key|api[_-]?key|password|passwd|(?:client[_-]?)?secret|access[_-]?token|refresh[_-]?token|private[_-]?key)(\\{0,8}["']?\s{0,3}[=:]\s{0,3}\\{0,8}["']?)(?!(?:(?:basic|bearer)\s{1,4})?\[redacted)(?:(?:basic|bearer|token)\s{1,3})?[^\s"'\\,;&}[\]]{1,4096}/gi;

/** Each begins at a boundary its own body cannot contain, so that a scan never restarts inside a failed one. */
const VALUES: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(Bearer)\s{1,4}[\w.~+/=-]{4,}/gi, `$1 ${REDACTED}`],
  [/\b(Basic)\s{1,4}(?=[a-z0-9+/]{0,4096}[\d=])[a-z0-9+/]{8,}={0,2}/gi, `$1 ${REDACTED}`],
  [/(?<![\w-])eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, REDACTED],
  [/(?<![\w-])(?:sk|rk|pk)[-_](?=[\w-]{0,400}\d)[\w-]{8,}/g, REDACTED],
  [/(?<![\w-])(?:ilk|gh[pousr]|github_pat|glpat|npm|hf)[_-][\w-]{8,}/g, REDACTED],
  [/(?<![\w-])xox[abeoprs]-[\w-]{8,}/g, REDACTED],
  [/(?<![\w-])(?:AKIA|ASIA)[0-9A-Z]{12,}/g, REDACTED],
  [/(?<![\w-])AIza[\w-]{30,}/g, REDACTED],
  [/(:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,400}@/g, `$1${REDACTED}@`],
];

/** A key of JSON that cannot be parsed because it was cut off, or stands escaped inside a string. */
const JSON_KEYED =
  /(\\{0,8}"(?:token|set-cookie|(?:id|auth|api|session|bearer)[_-]?token|secret[_-]?key|credentials?|passphrase)\\{0,8}"\s{0,3}:\s{0,3})(?:\\{0,8}"[^"\\]{1,4096}|[^"\\,}\]\s]{1,4096})/gi;

/** Most text holds nothing that any pattern could begin with: one cheap look spares the rest. */
const SUSPECT =
  /bearer|basic|eyJ|[srp]k[-_]|ilk[-_]|gh[pousr][-_]|github_pat|glpat|npm[-_]|hf[-_]|xox|AKIA|ASIA|AIza|:\/\/|private|authorization|cookie|key|passw|passphrase|connection|secret|token|credential/i;

/** Secrets by their look, and values written after a secret's name. */
export function redactText(text: string): string {
  let result = cleanText(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
  if (!SUSPECT.test(result)) return result;
  for (const [pattern, replacement] of VALUES) result = result.replace(pattern, replacement);
  return result.replace(KEYED, `$1$2${REDACTED}`).replace(JSON_KEYED, `$1"${REDACTED}`);
}

function plainKey(key: string): string {
  return key
    .slice(key.lastIndexOf(".") + 1)
    .replace(/[-_ ]/g, "")
    .toLowerCase();
}

/** Attribute names come again with every span: what a name is worth is worked out once. */
type Name = { plain: string; clean: string };
const names = new Map<string, Name>();
function nameOf(key: string): Name {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = { plain: plainKey(key), clean: redactText(key) };
  if (names.size > 5_000) names.clear();
  names.set(key, name);
  return name;
}

type Walk = { secrets: Set<string>; nodes: number };

/** Most text holds nothing that even looks like a secret: it is read once, and neither parsed nor written again. */
const harmless = (text: string): boolean => text.length <= MAX_TEXT && !text.includes("\\u") && !SUSPECT.test(text);

function walkText(text: string, walk: Walk, depth: number): string {
  if (harmless(text)) return cleanText(text);
  const first = text.trimStart()[0];
  if ((first === "{" || first === "[") && text.length <= MAX_TEXT) {
    try {
      const parsed: unknown = JSON.parse(text);
      const before = JSON.stringify(parsed);
      const after = JSON.stringify(visit(parsed, walk, depth + 1));
      return after === before ? cleanText(text) : after;
    } catch {
      // Not JSON, or cut off: the patterns below still see it.
    }
  }
  return redactText(text);
}

function visit(value: unknown, walk: Walk, depth: number): unknown {
  walk.nodes += 1;
  if (depth > MAX_DEPTH || walk.nodes > MAX_NODES) return "[cut]";
  if (typeof value === "string") return walkText(value, walk, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_NODES).map((item) => visit(item, walk, depth + 1));
  if (typeof value === "bigint") return value.toString();
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (walk.nodes > MAX_NODES) break;
    if (DROPPED_KEYS.has(key)) continue;
    const name = nameOf(key);
    const secret = item !== null && item !== "" && walk.secrets.has(name.plain);
    put(result, name.clean, secret ? REDACTED : visit(item, walk, depth + 1));
  }
  return result;
}

/**
 * The same value without secrets: values of secret keys (in objects and in JSON strings, at any depth) and secrets by
 * their look become "[redacted]". `keys` are added to the built-in names. Bounded in depth (24) and size (20,000 nodes).
 */
export function redact(value: unknown, keys: string[] = []): unknown {
  const secrets = keys.length === 0 ? SECRET_KEYS : new Set([...SECRET_KEYS, ...keys.map(plainKey)]);
  return visit(value, { secrets, nodes: 0 }, 0);
}
