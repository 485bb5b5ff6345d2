import { isObject } from "./rpc.js";

type Issue = { message: string; path?: readonly (string | number)[] };
const MAX_ISSUES = 10;

const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
const hasType = (value: unknown, type: unknown): boolean =>
  type === "integer" ? Number.isInteger(value) : typeOf(value) === type;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Where a value does not fit the plain words of a JSON Schema: type, enum, const, required, properties, items, anyOf. Other words are the client's to check. */
export function misfits(schema: unknown, value: unknown, path: readonly (string | number)[] = []): Issue[] {
  if (schema === false) return [{ message: "is not allowed", path }];
  if (!isObject(schema)) return [];
  const { type, enum: values, anyOf, required, properties, additionalProperties, items } = schema;
  if (type !== undefined && ![type].flat().some((t) => hasType(value, t)))
    return [{ message: `is ${typeOf(value)}, not ${[type].flat().join(" or ")}`, path }];
  if (Array.isArray(values) && !values.some((v) => same(v, value))) return [{ message: "is none of its values", path }];
  if ("const" in schema && !same(schema.const, value)) return [{ message: "is not its constant", path }];
  if (Array.isArray(anyOf) && !anyOf.some((one) => misfits(one, value, path).length === 0))
    return [{ message: "fits none of its alternatives", path }];
  const found: Issue[] = [];
  if (isObject(value)) {
    const known = isObject(properties) ? properties : {};
    for (const key of Array.isArray(required) ? required : [])
      if (!Object.hasOwn(value, String(key))) found.push({ message: "is missing", path: [...path, String(key)] });
    for (const [key, one] of Object.entries(value)) {
      const inner = Object.hasOwn(known, key) ? known[key] : additionalProperties;
      found.push(...misfits(inner, one, [...path, key]));
    }
  }
  if (Array.isArray(value)) for (const [n, one] of value.entries()) found.push(...misfits(items, one, [...path, n]));
  return found.slice(0, MAX_ISSUES);
}
