import type { CaseShape } from "@/lib/approvals/schema";

export type DiffRow = {
  key: string;
  /** One a case, in their order; a single one where all are the same. */
  values: string[];
  same: boolean;
};

const record = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function flat(value: unknown, path: string, into: Map<string, string>): void {
  if (record(value) && Object.keys(value).length > 0)
    for (const [key, inner] of Object.entries(value)) flat(inner, path ? `${path}.${key}` : key, into);
  else into.set(path || "value", JSON.stringify(value));
}

function keysOf(args: string | null): Map<string, string> {
  const into = new Map<string, string>();
  if (args === null) return into.set("arguments", "too large to show");
  try {
    flat(JSON.parse(args), "", into);
  } catch {
    into.set("arguments", args);
  }
  return into;
}

/** Key by key: what is the same in all comes first and once, what is not, in a column a case. */
export function compare(cases: Pick<CaseShape, "args">[]): DiffRow[] {
  const all = cases.map((each) => keysOf(each.args));
  const keys = [...new Set(all.flatMap((map) => [...map.keys()]))];
  const rows = keys.map((key): DiffRow => {
    const values = all.map((map) => map.get(key) ?? "–");
    const same = values.every((value) => value === values[0]);
    return { key, values: same ? values.slice(0, 1) : values, same };
  });
  return [...rows.filter((row) => row.same), ...rows.filter((row) => !row.same)];
}
