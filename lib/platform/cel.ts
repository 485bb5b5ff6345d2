import { Environment } from "@marcbachmann/cel-js";

export type CelFacts = { args: unknown; facts: unknown; run: unknown; agent: unknown };
/** Why an expression did not answer true or false; it then counts against the call. */
export type CelAnswer = { holds: boolean; failed: string | null };
export type Cel = (facts: CelFacts) => CelAnswer;

const cel = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
  .registerVariable("args", "dyn")
  .registerVariable("facts", "dyn")
  .registerVariable("run", "dyn")
  .registerVariable("agent", "dyn");

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === "object" && v !== null && !Array.isArray(v);

/** @throws Error with what is wrong, on one line */
function parsed(source: string) {
  try {
    const program = cel.parse(source);
    const { valid, type, error } = program.check();
    if (!valid) throw error ?? new Error("not valid");
    if (type !== "bool" && type !== "dyn") throw new Error(`answers ${type}, not true or false`);
    return program;
  } catch (err) {
    throw new Error((err as Error).message.split("\n")[0]?.trim() || "not valid CEL");
  }
}

/** What is wrong with an expression; null: nothing. */
export function celProblem(source: string): string | null {
  try {
    parsed(source);
    return null;
  } catch (err) {
    return (err as Error).message;
  }
}

/** A field that a call does not have is null, as `args.priority == 'P1'` means it; `has()` still tells. */
function withNulls(facts: CelFacts, paths: readonly string[][]): CelFacts {
  const copy = { ...facts } as Json;
  for (const path of paths) {
    let at: Json = copy;
    for (const [n, part] of path.entries()) {
      if (!Object.hasOwn(at, part)) at[part] = n === path.length - 1 ? null : {};
      const next = at[part];
      if (!isObject(next)) break;
      at[part] = { ...next };
      at = at[part] as Json;
    }
  }
  return copy as CelFacts;
}

const compiled = new Map<string, Cel>();

/**
 * An expression of a policy over a call. Type errors and the like fail closed: `failed` says why, and the caller lets the
 * rule hold. Compiled once.
 */
export function celOf(source: string): Cel {
  const known = compiled.get(source);
  if (known) return known;
  const program = parsed(source);
  const paths = [...source.matchAll(/\b(?:args|facts|run|agent)(?:\.[A-Za-z_]\w*)+/g)].map((m) => m[0].split("."));
  const ask = (facts: CelFacts): CelAnswer => {
    const value: unknown = program(facts);
    return typeof value === "boolean"
      ? { holds: value, failed: null }
      : { holds: true, failed: "it answers neither true nor false" };
  };
  const evaluate: Cel = (facts) => {
    try {
      return ask(facts);
    } catch (first) {
      if (!(first as Error).message.startsWith("No such key")) return { holds: true, failed: oneLine(first) };
      try {
        return ask(withNulls(facts, paths));
      } catch (second) {
        return { holds: true, failed: oneLine(second) };
      }
    }
  };
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(source, evaluate);
  return evaluate;
}

const oneLine = (err: unknown): string => (err as Error).message.split("\n")[0] ?? "it failed";
