import { closest, distance } from "fastest-levenshtein";
import { parseDocument } from "yaml";
import { z } from "zod";
import { celProblem } from "../platform/cel";
import { Failure, type FieldError } from "../platform/errors";
import { pathOf } from "../platform/verb";
import { type PolicyDocument, policyDocument } from "./schema";

export type Written = { text: string; format: "json" | "yaml" };
type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === "object" && v !== null && !Array.isArray(v);

/** The JSON Schema that editors complete a document by; made of what validates it. */
export const documentSchema = (): Json => ({
  ...(z.toJSONSchema(policyDocument, { io: "input", unrepresentable: "any", target: "draft-2020-12" }) as Json),
  title: "Interlock policy",
});

/** The keys that an object may have at a path of the JSON Schema. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let at: Json | undefined = documentSchema();
  for (const part of path) {
    if (!at) return [];
    const options = (at.anyOf ?? [at]) as Json[];
    const one = options.find((o) => isObject(o) && (o.properties || o.items || o.additionalProperties)) ?? {};
    const properties = (one.properties ?? {}) as Json;
    const next = typeof part === "number" ? one.items : (properties[String(part)] ?? one.additionalProperties);
    at = isObject(next) ? next : undefined;
  }
  return Object.keys((at?.properties ?? {}) as Json);
}

/** "Unknown key." with the one that was probably meant. */
function unknownKey(path: readonly PropertyKey[], key: string): FieldError {
  const known = keysAt(path);
  const near = known.length > 0 ? closest(key, known) : "";
  const close = near !== "" && distance(key, near) <= Math.max(2, Math.floor(near.length / 2));
  return { path: pathOf([...path, key]), message: close ? `Unknown key. Did you mean ${near}?` : "Unknown key." };
}

function errorsOf(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(issue.path, key));
    if (issue.code === "invalid_union") {
      const [first] = issue.errors.map((list) => list[0]).filter((i) => i !== undefined);
      return [{ path: pathOf(issue.path), message: first?.message ?? issue.message }];
    }
    return [{ path: pathOf(issue.path), message: issue.message }];
  });
}

function celErrors(document: PolicyDocument): FieldError[] {
  const look = (source: string | undefined, path: string): FieldError[] => {
    const problem = source === undefined ? null : celProblem(source);
    return problem ? [{ path, message: `Not valid CEL: ${problem}.` }] : [];
  };
  return [
    ...(document.conditions ?? []).flatMap((c, n) => look(c.when, `conditions[${n}].when`)),
    ...(document.validators ?? []).flatMap((v, n) => look(v.expression, `validators[${n}].expression`)),
  ];
}

/** Parts of the API's own paths. */
export const RESERVED = new Set(["effective", "schema", "starters"]);

const invalid = (errors: FieldError[]): Failure =>
  new Failure("invalid_input", "This is not a valid policy.", { errors });

/**
 * A document from its value: the keys stand at the top, or under `agent:`.
 * @throws Failure `invalid_input` with the path of each thing that is wrong, and what was probably meant
 */
export function checkDocument(value: unknown): PolicyDocument {
  if (!isObject(value)) throw invalid([{ path: "", message: "A policy is an object." }]);
  const { agent, ...top } = value;
  const merged = isObject(agent) ? { ...agent, ...top } : value;
  if (isObject(agent))
    for (const key of Object.keys(top))
      if (Object.hasOwn(agent, key)) throw invalid([{ path: key, message: "Stands at the top and under agent." }]);
  const parsed = policyDocument.safeParse(merged);
  const prefix = (errors: FieldError[]) =>
    isObject(agent)
      ? errors.map((e) => (Object.hasOwn(agent, e.path.split(/[.[]/)[0] ?? "") ? { ...e, path: `agent.${e.path}` } : e))
      : errors;
  if (!parsed.success) throw invalid(prefix(errorsOf(parsed.error)));
  const cel = celErrors(parsed.data);
  if (cel.length > 0) throw invalid(prefix(cel));
  return parsed.data;
}

/** A document from its text, as it was sent. @throws Failure `bad_request` (not YAML, not JSON) | `invalid_input` */
export function readDocument({ text, format }: Written): PolicyDocument {
  // JSON is YAML, but JSON's own parser says better what is wrong with it.
  if (format === "json") {
    try {
      JSON.parse(text);
    } catch (err) {
      throw new Failure("bad_request", `Not JSON: ${(err as Error).message}`);
    }
  }
  const parsed = parseDocument(text, { uniqueKeys: true, merge: false, maxAliasCount: 100 } as object);
  const [problem] = parsed.errors;
  if (problem) {
    const at = problem.linePos?.[0];
    const message = problem.message.split("\n")[0] ?? "not YAML";
    throw new Failure("bad_request", `Not ${format.toUpperCase()}: ${message}`, {
      errors: [{ path: at ? `line ${at.line}` : "", message }],
      extra: at ? { line: at.line, column: at.col } : undefined,
    });
  }
  return checkDocument(parsed.toJS({ maxAliasCount: 100 }));
}
