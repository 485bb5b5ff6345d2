import type { Ctx } from "../platform/ctx";
import type { Sql } from "../platform/db/pool";
import { Failure } from "../platform/errors";

export type Change = {
  kind: "policy" | "budget" | "failure" | "rule" | "price" | "settings";
  id: string;
  change: "added" | "changed";
};
export type Plan = { changes: Change[]; apply: (tx: Sql, ctx: Ctx) => Promise<void> };
export type Add = (kind: Change["kind"], id: string, known: boolean, apply: Plan["apply"]) => void;

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
