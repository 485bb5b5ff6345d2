import { OutputInvalid } from "./errors.js";
import type { StopReason } from "./wire.js";

/** The part of Standard Schema 1 that is needed: Zod, Valibot, ArkType and others bring it. */
export type Schema<T = unknown> = {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Checked<T> | Promise<Checked<T>>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
};
type Checked<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

const segment = (part: unknown): string =>
  String(typeof part === "object" && part !== null && "key" in part ? part.key : part);

/** @throws OutputInvalid naming where the value does not fit */
export async function check<T>(schema: Schema<T>, value: unknown, what: string, stop?: StopReason): Promise<T> {
  const found = await schema["~standard"].validate(value);
  if (!found.issues) return found.value;
  const issues = found.issues.map((i) => ({ path: (i.path ?? []).map(segment).join("."), message: i.message }));
  const first = issues[0];
  throw new OutputInvalid(
    `${what} does not have the declared shape: ${first?.path ? `${first.path}: ` : ""}${first?.message ?? "no reason given"}`,
    issues,
    stop,
  );
}
