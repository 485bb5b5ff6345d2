import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newKey } from "../lib/platform/ids";

export type Secrets = { database: string; session: string; demo: string };

/** Made at the first start and kept in the data folder, readable by its owner alone. */
export function keepSecrets(folder: string): Secrets {
  const file = path.join(folder, "secrets.json");
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  const made: Secrets = {
    database: randomBytes(24).toString("base64url"),
    session: randomBytes(32).toString("base64url"),
    demo: newKey(),
  };
  writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}
