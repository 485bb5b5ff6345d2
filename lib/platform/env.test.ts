import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { parseEnv, variables } from "./env";

test("docs/configuration.md has a row for every variable, with its default, and none that is gone", () => {
  const page = readFileSync(path.resolve("docs/configuration.md"), "utf8");
  const rows = new Map([...page.matchAll(/^\| `([A-Z_]+)`\s*\| (.*?)\s*\|/gm)].map((m) => [m[1], m[2]]));
  expect([...rows.keys()].sort()).toEqual(Object.keys(variables.shape).sort());
  const defaults = parseEnv({}) as Record<string, unknown>;
  for (const [name, said] of rows) {
    const value = defaults[name ?? ""];
    expect([name, said]).toEqual([name, value === undefined ? "–" : `\`${String(value)}\``]);
  }
});

test("a bad value is one clear line that names the variable", () => {
  expect(() => parseEnv({ PORT: "eighty" })).toThrow(/^PORT: /);
  expect(() => parseEnv({ DATABASE_URL: "mysql://x", INTERLOCK_INIT_KEY: "short" })).toThrow(
    /DATABASE_URL: must be a postgres:\/\/ address; INTERLOCK_INIT_KEY: must look like/,
  );
});

test("a secret may come as NAME_FILE, and an empty value is no value", () => {
  const file = path.join(os.tmpdir(), `interlock-env-${process.pid}`);
  writeFileSync(file, "a secret of sixteen or more\n");
  expect(parseEnv({ NEXTAUTH_SECRET_FILE: file, DATABASE_URL: "" })).toMatchObject({
    NEXTAUTH_SECRET: "a secret of sixteen or more",
  });
});
