import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { LRUCache } from "lru-cache";

type Check = (value: unknown) => { path: string; message: string }[];

const checks = new LRUCache<string, Check>({ max: 1_000 });

function compile(schema: Record<string, unknown> | boolean): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, 20).map((e) => ({
      path: `result${e.instancePath.replaceAll("/", ".")}`,
      message: e.message ?? "does not fit",
    }));
  };
}

/** What does not fit the schema that a tool's output was declared with; empty: it fits. A schema that is none fits nothing. */
export function outputErrors(
  schema: Record<string, unknown> | boolean,
  value: unknown,
): { path: string; message: string }[] {
  const key = JSON.stringify(schema);
  let check = checks.get(key);
  if (!check) {
    try {
      check = compile(schema);
    } catch (err) {
      const message = `The declared output_schema is not valid: ${(err as Error).message}`;
      check = () => [{ path: "output_schema", message }];
    }
    checks.set(key, check);
  }
  return check(value);
}
