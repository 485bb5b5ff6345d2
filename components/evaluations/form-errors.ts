import type { z } from "zod";

type Errors = Record<string, string>;
const firsts = (all: [path: string, message: string][]): Errors => Object.fromEntries(all.reverse());

/** What the schema refuses, the first word for each field; what is empty is said plainly. */
export const errorsOf = (issues: readonly z.core.$ZodIssue[]): Errors =>
  firsts(
    issues.map((i) => [
      i.path.map(String).join("."),
      (i.code === "too_small" && i.origin === "string") || i.code === "invalid_type" ? "This is required." : i.message,
    ]),
  );

/** What the server refuses: "probes[1].name" of the API as the form knows it. */
export const refusalsOf = (errors: readonly { path: string; message: string }[]): Errors =>
  firsts(errors.map((e) => [e.path.replace(/\[(\d+)\]/g, ".$1"), e.message]));
