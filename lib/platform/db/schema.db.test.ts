import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { diffFromEmpty } from "./migrate";

const folder = path.resolve("prisma/schema");
const files = () => readdirSync(folder).map((f) => ({ path: f, content: readFileSync(path.join(folder, f), "utf8") }));

/** `table.column type` of every table that Prisma's schema describes. */
function described(script: string): string[] {
  const tables = [...script.matchAll(/CREATE TABLE "(\w+)" \(([\s\S]*?)\n\);/g)];
  return tables
    .flatMap(([, table = "", body = ""]) => [...body.matchAll(/^ {4}"(\w+)" /gm)].map((m) => `${table}.${m[1]}`))
    .sort();
}

test("the migrations make every table and column of prisma/schema, and no column beside them in those tables", async () => {
  const url = inject("template");
  const wanted = described((await diffFromEmpty(url, files())) ?? "");
  const tables = new Set(wanted.map((w) => w.split(".")[0] ?? ""));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' and table_name = any($1)",
    [[...tables]],
  );
  await client.end();
  expect(tables.size).toBeGreaterThan(15);
  expect(rows.map((r) => r.name).sort()).toEqual(wanted);
});

test("several processes may migrate at once: one applies, the others find it done", async () => {
  const base = inject("template");
  const name = `migrate_${process.pid}`;
  const admin = new pg.Client({ connectionString: base.replace("interlock_template", "postgres") });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const script = path.resolve("build", `${name}.mjs`);
  await build({
    stdin: {
      contents:
        'import { migrate } from "./lib/platform/db/migrate"; console.log(JSON.stringify(await migrate(process.argv[2] ?? "")));',
      resolveDir: process.cwd(),
    },
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
  const url = base.replace("interlock_template", name);
  const run = promisify(execFile);
  const said = await Promise.all(Array.from({ length: 5 }, () => run(process.execPath, [script, url])));
  const folders = readdirSync(path.resolve("prisma/migrations"), { withFileTypes: true }).filter((e) =>
    e.isDirectory(),
  );
  expect(said.flatMap(({ stdout }) => JSON.parse(stdout))).toHaveLength(folders.length);
  rmSync(script);
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}, 60_000);
