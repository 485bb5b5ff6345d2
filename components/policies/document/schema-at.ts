export type JsonSchema = {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
};

const MANY = ["anyOf", "oneOf", "allOf"] as const;

/** A schema and everything it may be. */
function unfold(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const named = schema.$ref?.startsWith("#/$defs/") ? root.$defs?.[schema.$ref.slice(8)] : undefined;
  return [schema, ...(named ? unfold(named, root) : [])].flatMap((each) => [
    each,
    ...MANY.flatMap((key) => (each[key] ?? []).flatMap((one) => unfold(one, root))),
  ]);
}

/** The schemas that speak of the value at a path. */
export function schemasAt(root: JsonSchema, path: readonly (string | number)[]): JsonSchema[] {
  // keys may stand under `agent:` instead of at the top
  const steps = path[0] === "agent" && !root.properties?.agent ? path.slice(1) : path;
  return steps.reduce<JsonSchema[]>(
    (now, part) =>
      now.flatMap((schema) => {
        if (typeof part === "number") return schema.items ? unfold(schema.items, root) : [];
        const known = schema.properties?.[part];
        if (known) return unfold(known, root);
        return typeof schema.additionalProperties === "object" ? unfold(schema.additionalProperties, root) : [];
      }),
    unfold(root, root),
  );
}

/** "integer", "list of strings", "read or write". */
export function typeWords(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.length > 3 ? `one of ${schema.enum.length}` : schema.enum.join(" or ");
  const inner = schema.anyOf ?? schema.oneOf;
  if (inner) return inner.map(typeWords).join(" or ");
  if (schema.type === "array") return schema.items?.type === "object" ? "list" : `list of ${plural(schema.items)}`;
  if (schema.type === "object") return "map";
  return String(schema.type ?? "value");
}

const plural = (schema: JsonSchema | undefined): string =>
  schema?.type === "string" ? "names" : `${String(schema?.type ?? "value")}s`;

/** The keys that a map at this path may have. */
export function keysAt(root: JsonSchema, path: readonly (string | number)[]): [string, JsonSchema][] {
  return schemasAt(root, path).flatMap((schema) => Object.entries(schema.properties ?? {}));
}

/** The values that may stand at this path, where they can be listed. */
export function valuesAt(
  root: JsonSchema,
  path: readonly (string | number)[],
): { value: string; schema: JsonSchema }[] {
  return schemasAt(root, path).flatMap((schema) => {
    const listed = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
    if (listed.length === 0 && schema.type === "boolean") return ["true", "false"].map((value) => ({ value, schema }));
    return listed.map((value) => ({ value: String(value), schema }));
  });
}
