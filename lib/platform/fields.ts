import { z } from "zod";

/** Ids that callers bring: 1 to 200 printable characters. */
export const callerId = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]+$/u, "must be printable characters");

/** Text for people: no NUL (Postgres refuses it), no lone surrogates. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .transform((v) => v.replaceAll("\u0000", "").toWellFormed());

/** A reason that stands in the audit: required, and not only spaces. */
export const reason = text(1_000).pipe(z.string().trim().min(1, "A reason is required."));

export const isoTime = z.iso.datetime({ offset: true });

/** US dollars with up to six decimals; stored as integer micro-dollars. */
export const usd = z.number().finite().min(0).max(1_000_000_000);
export const micros = (dollars: number): number => Math.round(dollars * 1e6);
export const dollars = (value: number): number => value / 1e6;

export const json: z.ZodType<unknown> = z.unknown();
