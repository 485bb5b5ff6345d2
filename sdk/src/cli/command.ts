import type { Client } from "./client.js";
import { EXIT, Exit } from "./exit.js";

export { EXIT, Exit };
export type Io = {
  out: (text: string) => void;
  err: (text: string) => void;
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
};
export type Option = {
  type: "string" | "boolean";
  short?: string;
  multiple?: boolean;
  about: string;
  default?: string;
};
export type Values = Record<string, string | boolean | string[] | undefined>;
export type Call = {
  client: Client;
  positionals: string[];
  values: Values;
  json: boolean;
  /** For people; nothing with `--json`. */
  say: (text: string) => void;
  /** What `--json` prints. */
  give: (value: unknown) => void;
  io: Io;
};
export type Command = {
  usage: string;
  about: string;
  /** The scope that the key needs. */
  needs: string;
  options?: Record<string, Option>;
  run: (call: Call) => Promise<number>;
};

export const text = (values: Values, name: string): string | undefined =>
  typeof values[name] === "string" ? (values[name] as string) : undefined;

/** @throws Exit (usage) where it was not given */
export function needed(values: Values, name: string, why: string): string {
  const given = text(values, name)?.trim();
  if (!given) throw new Exit(EXIT.usage, `--${name} is required: ${why}`);
  return given;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** "90s", "30m", "2h", "1d". @returns seconds @throws Exit (usage) */
export function seconds(said: string): number {
  const found = /^(\d+)([smhd])$/.exec(said);
  if (!found) throw new Exit(EXIT.usage, `"${said}" is no length of time: write 90s, 30m, 2h or 1d.`);
  return Number(found[1]) * (UNITS[found[2] ?? "s"] ?? 1);
}
