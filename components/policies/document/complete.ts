import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { spotAt, wordBefore } from "./cursor";
import { type JsonSchema, keysAt, typeWords, valuesAt } from "./schema-at";
import type { Format } from "./text";

/** Names that have appeared in the environment, offered where such a name stands. */
export type Names = {
  tool: string[];
  connector: string[];
  agent_id: string[];
  task_type: string[];
  tenant_id: string[];
};

const TOOLS = new Set([
  "allow",
  "deny",
  "idempotency_required",
  "allowed_tools",
  "exempt_tools",
  "tool",
  "compensation",
]);

function namesFor(path: readonly (string | number)[], names: Names): string[] {
  const words = path.filter((part) => typeof part === "string");
  const last = words.at(-1);
  if (last === undefined || words.includes("models")) return [];
  if (last === "agent_id" || last === "task_type" || last === "tenant_id" || last === "connector") return names[last];
  return TOOLS.has(last) ? names.tool : [];
}

/** Maps that are keyed by a tool or a connector. */
function keyNames(path: readonly (string | number)[], names: Names): string[] {
  const last = path.at(-1);
  if (last === "connectors") return names.connector;
  const byTool = last === "timeouts_s" || last === "catalog" || (last === "budgets" && path.at(-2) === "tools");
  return byTool ? names.tool : [];
}

const described = (schema: JsonSchema): string | undefined => {
  const safe = schema.default === undefined ? "" : ` Default ${JSON.stringify(schema.default)}.`;
  return schema.description || safe ? `${schema.description ?? ""}${safe}`.trim() : undefined;
};

function keyOption(name: string, schema: JsonSchema, format: Format): Completion {
  const map = schema.type === "object";
  const apply = format === "json" ? `"${name}": ` : map ? `${name}:` : `${name}: `;
  return { label: name, detail: typeWords(schema), info: described(schema), type: "property", apply };
}

/** Keys, listed values and known names, from the published JSON Schema. */
export function completeWith(
  schema: () => JsonSchema | undefined,
  names: () => Names,
  format: () => Format,
): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schema();
    if (!root) return null;
    const text = context.state.doc.toString();
    const word = wordBefore(text, context.pos);
    if (word.text === "" && !context.explicit) return null;
    const spot = spotAt(text, context.pos, format());
    if (!spot) return null;
    const quote = (value: string) => (format() === "json" && !/^(true|false|\d+)$/.test(value) ? `"${value}"` : value);
    const options: Completion[] =
      spot.kind === "key"
        ? [
            ...keysAt(root, spot.path).map(([name, each]) => keyOption(name, each, format())),
            ...keyNames(spot.path, names()).map((name) => keyOption(name, { type: "known" }, format())),
          ].filter((option) => !spot.taken.includes(option.label))
        : [
            ...valuesAt(root, spot.path).map(({ value, schema: each }) => ({
              label: value,
              info: described(each),
              type: "enum",
              apply: quote(value),
            })),
            ...namesFor(spot.path, names()).map((name) => ({
              label: name,
              detail: "seen here",
              type: "constant",
              apply: quote(name),
            })),
          ];
    const once = [...new Map(options.map((option) => [option.label, option])).values()];
    if (once.length === 0) return null;
    return { from: word.from, options: once, validFor: /^"?[\w.*:/-]*$/ };
  };
}
