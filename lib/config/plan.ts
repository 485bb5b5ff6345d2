import { isDeepStrictEqual } from "node:util";
import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";
import type { ChangeKind } from "./schema";

export type Change = { kind: ChangeKind; id: string; change: "added" | "changed" };
export type Plan = { changes: Change[]; apply: (tx: Sql, ctx: Ctx) => Promise<void> };
export type Add = (kind: ChangeKind, id: string, known: boolean, apply: Plan["apply"]) => void;

export type Fields = Record<string, unknown>;
const empty = (v: unknown): boolean =>
  v === null || v === undefined || (typeof v === "object" && Object.keys(v).length === 0);
/** Without what nobody set. */
export const said = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, v]) => !empty(v)));
/** The same configuration is the same bytes: by name, whatever the database's collation. */
export const byName = <T>(entries: Iterable<[string, T]>): [string, T][] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

type Kind<Body, Ready> = {
  kind: ChangeKind;
  section: string;
  /** What is written here, as the file says it. */
  known: ReadonlyMap<string, Fields>;
  ready: (slug: string, body: Body) => Ready;
  shown: (ready: Ready) => Fields;
  write: (tx: Sql, ctx: Ctx, ready: Ready) => Promise<unknown>;
};
/** Entries of one kind that differ from what is written here. @throws Failure `invalid_input` with their place in the file */
export function planKind<Body, Ready>(given: Record<string, Body> | undefined, k: Kind<Body, Ready>, add: Add): void {
  for (const [slug, body] of Object.entries(given ?? {})) {
    const path = `${k.section}.${slug}`;
    const ready = under(path, () => k.ready(slug, body));
    const known = k.known.get(slug);
    if (known && isDeepStrictEqual(known, k.shown(ready))) continue;
    add(k.kind, slug, known !== undefined, async (t, c) => {
      await underLater(path, async () => k.write(t, c, ready));
    });
  }
}

function placed(path: string, err: unknown): never {
  if (!(err instanceof Failure)) throw err;
  const errors = (err.errors ?? [{ path: "", message: err.message }]).map((e) => ({
    path: e.path ? `${path}.${e.path}` : path,
    message: e.message,
  }));
  throw new Failure(err.code, err.message, { errors });
}

/** What is wrong is said with its place in the file. */
export function under<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (err) {
    return placed(path, err);
  }
}
export const underLater = <T>(path: string, work: () => Promise<T>): Promise<T> =>
  work().catch((err: unknown) => placed(path, err));
