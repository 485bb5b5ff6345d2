import type { QueryResult } from "pg";
import type { z } from "zod";
import { type AuditEntry, appendRow, appendRowSql } from "./audit-row";
import { assertMay, type Permission } from "./authz";
import type { Ctx } from "./ctx";
import { alone, inTransaction, keyedSql, type Sql, sql } from "./db/pool";
import { prisma, type Tx } from "./db/prisma";
import { Failure } from "./errors";

/** What a look gets: plain SQL for what agents wrote, Prisma for what people configured. */
export type Reader = { sql: Sql; prisma: Tx };
/** For the few that are not verbs: signing in, keys, jobs. Verbs get theirs from read(), record() and write(). */
export const reader = (): Reader => ({ sql: sql(), prisma: prisma() });
export const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  prisma().$transaction(work, { timeout: 15_000 });
export { alone, inTransaction };
/** The same on a connection for keyed look-ups. */
export const inKeyedTransaction = <T>(begin: string, work: (tx: Sql, begun: QueryResult) => Promise<T>): Promise<T> =>
  inTransaction(work, keyedSql(), begin);

type Args<S extends z.ZodType, T> = { tx: T; ctx: Ctx; input: z.output<S> };
type Spec<S extends z.ZodType> = { input: S; needs: Permission };

/** @throws Failure `invalid_input` with the path of each thing that is wrong */
export function parse<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Failure("invalid_input", "The request is well-formed, but not valid.", {
    errors: fieldErrors(parsed.error),
  });
}

export function fieldErrors(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.flatMap((issue) => {
    const at = pathOf(issue.path);
    if (issue.code !== "unrecognized_keys") return [{ path: at, message: issue.message }];
    return issue.keys.map((key) => ({ path: at ? `${at}.${key}` : key, message: "Unknown key." }));
  });
}

export const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((out, part) => {
    if (typeof part === "number") return `${out}[${part}]`;
    return out ? `${out}.${String(part)}` : String(part);
  }, "");

/** A change by a person, a switch or configuration: allowed? → well formed? → one transaction with its audit row. */
export function write<S extends z.ZodType, T>(
  action: string,
  spec: Spec<S> & { run: (args: Args<S, Tx>) => Promise<{ value: T; audit: AuditEntry }> },
) {
  const verb = async (ctx: Ctx, raw: z.input<S>): Promise<T & { audit_row: number }> => {
    assertMay(ctx, spec.needs);
    const input = parse(spec.input, raw);
    return prisma().$transaction(
      async (tx) => {
        const { value, audit } = await spec.run({ tx, ctx, input });
        return { ...value, audit_row: await appendRow(tx, ctx, action, audit) };
      },
      { timeout: 15_000, maxWait: 10_000 },
    );
  };
  return Object.assign(verb, { kind: "write" as const, action, needs: spec.needs, input: spec.input });
}

/** The same where each round trip counts: a switch is told to nobody before it has committed. */
export function writeSql<S extends z.ZodType, T>(
  action: string,
  spec: Spec<S> & { run: (args: Args<S, Sql>) => Promise<{ value: T; audit: AuditEntry }> },
) {
  const verb = async (ctx: Ctx, raw: z.input<S>): Promise<T & { audit_row: number }> => {
    assertMay(ctx, spec.needs);
    const input = parse(spec.input, raw);
    return inTransaction(async (tx) => {
      const { value, audit } = await spec.run({ tx, ctx, input });
      return { ...value, audit_row: await appendRowSql(tx, ctx, action, audit) };
    });
  };
  return Object.assign(verb, { kind: "write" as const, action, needs: spec.needs, input: spec.input });
}

/** What agents do: allowed? → well formed? → their own append-only row is the evidence, nothing serialises on the chain. */
export function record<S extends z.ZodType, T>(
  action: string,
  spec: Spec<S> & { atomic?: boolean; run: (args: Args<S, Sql>) => Promise<T> },
) {
  const verb = async (ctx: Ctx, raw: z.input<S>): Promise<T> => {
    assertMay(ctx, spec.needs);
    const input = parse(spec.input, raw);
    return spec.atomic ? inTransaction((tx) => spec.run({ tx, ctx, input })) : spec.run({ tx: sql(), ctx, input });
  };
  return Object.assign(verb, { kind: "record" as const, action, needs: spec.needs, input: spec.input });
}

/** A look: allowed? → well formed? → query. */
export function read<S extends z.ZodType, T>(
  action: string,
  spec: Spec<S> & { run: (args: Args<S, Reader>) => Promise<T> },
) {
  const verb = async (ctx: Ctx, raw: z.input<S>): Promise<T> => {
    assertMay(ctx, spec.needs);
    return spec.run({ tx: reader(), ctx, input: parse(spec.input, raw) });
  };
  return Object.assign(verb, { kind: "read" as const, action, needs: spec.needs, input: spec.input });
}

export type Verb = ReturnType<typeof write> | ReturnType<typeof record> | ReturnType<typeof read>;
