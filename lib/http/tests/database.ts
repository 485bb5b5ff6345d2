import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../../platform/db/embedded";
import { migrate } from "../../platform/db/migrate";
import { env } from "../../platform/env";

declare module "vitest" {
  export interface ProvidedContext {
    /** A migrated database that each suite copies. */
    template: string;
  }
}

/** One real Postgres for the whole run; DATABASE_URL names another. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "interlock-test-"));
  const embedded = env().DATABASE_URL ? null : await startEmbedded(folder, "test");
  const base = embedded?.url ?? env().DATABASE_URL ?? "";
  const template = base.replace(/\/[^/?]*(\?|$)/, "/interlock_template$1");
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  await client.query("drop database if exists interlock_template");
  await client.query("create database interlock_template");
  await client.end();
  await migrate(template);
  project.provide("template", template);
  return async () => {
    await embedded?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
