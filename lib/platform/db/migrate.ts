import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine as Engine } from "@prisma/schema-engine-wasm";
import pg from "pg";

type Glue = { SchemaEngine: typeof Engine; __wbg_set_wasm: (exports: WebAssembly.Exports) => void };
const require = createRequire(import.meta.url);

/**
 * Prisma's adapter cuts a script at every semicolon, and with it functions and comments. Whole, Postgres runs it as one
 * transaction: a migration is there or it is not.
 */
class WholeScripts extends PrismaPg {
  private readonly open: { dispose: () => Promise<void> }[] = [];
  constructor(private readonly url: string) {
    super({ connectionString: url });
  }
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      const client = new pg.Client({ connectionString: this.url });
      await client.connect();
      await client.query(script).finally(() => client.end());
    };
    this.open.push(adapter);
    return adapter;
  }
  async close(): Promise<void> {
    for (const adapter of this.open) await adapter.dispose();
  }
}

/** Prisma's own schema engine as WebAssembly: the native one would have to be downloaded. */
async function withEngine<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const glue = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = (await import(glue)) as Glue & WebAssembly.ModuleImports;
  const bytes = await readFile(path.join(path.dirname(glue), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start: () => void }).__wbindgen_start();
  const factory = new WholeScripts(url);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(factory);
    return await work(await bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter));
  } finally {
    await factory.close();
  }
}

async function migrations(folder: string) {
  const names = (await readdir(folder, { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name);
  const directories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok" as const, value: await readFile(path.join(folder, name, "migration.sql"), "utf8") },
      },
    })),
  );
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: directories,
  };
}

const filters = { externalTables: [], externalEnums: [] };

/**
 * Applies what is missing, in Prisma's own table, so that `prisma migrate deploy` works on the same database.
 * Holds an advisory lock: ten processes may start at once.
 * @returns the names applied now
 */
export async function migrate(url: string, folder = path.resolve("prisma/migrations")): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock(7314201)");
    const migrationsList = await migrations(folder);
    return await withEngine(
      url,
      async (engine) => (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames,
    );
  } finally {
    await lock.end();
  }
}

/** The script from an empty database to prisma/schema: migrations are written from it, and held to it by a test. */
export const diffFromEmpty = (url: string, files: { path: string; content: string }[]): Promise<string | null> =>
  withEngine(url, async (engine) => {
    const to = { tag: "schemaDatamodel" as const, files };
    return (await engine.diff({ from: { tag: "empty" }, to, script: true, exitCode: null, filters })).stdout;
  });
