type Value = string | number | boolean | string[] | undefined;
export type Attributes = Record<string, Value>;

type AnyValue =
  | { stringValue: string }
  | { intValue: string }
  | { doubleValue: number }
  | { boolValue: boolean }
  | { arrayValue: { values: AnyValue[] } };

function any(value: Exclude<Value, undefined>): AnyValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(any) } };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Attributes as OTLP/JSON has them; what is not set is left out. */
export const otlp = (attributes: Attributes) =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: any(value) }]));

const LONGEST = 16_384;
/** A value as a span may carry it; what is too long or cannot be written is left out, never cut into another value. */
export function written(value: unknown): string | undefined {
  try {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return text === undefined || text.length > LONGEST ? undefined : text;
  } catch {
    return undefined;
  }
}
