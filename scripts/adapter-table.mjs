import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tool } from "./build.mjs";

// `node scripts/adapter-table.mjs`, after `npx vitest run sdk/tests/adapters`: what each framework really did in each danger, into docs/adapters/README.md.
const root = path.resolve(import.meta.dirname, "..");
const reports = path.join(root, ".test-results", "adapters");
if (!existsSync(reports)) throw new Error("Run the suites first: npx vitest run sdk/tests/adapters");
const all = readdirSync(reports)
  .sort()
  .map((file) => JSON.parse(readFileSync(path.join(reports, file), "utf8")));
const cases = [...new Set(all.flatMap((r) => Object.keys(r.cases)))];
const golden = [...new Set(all.flatMap((r) => Object.keys(r.golden)))];

const row = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
const table = (
  /** @type {string} */ corner,
  /** @type {string[]} */ names,
  /** @type {(r: any, name: string) => string} */ cell,
) =>
  [
    row([corner, ...all.map((r) => r.framework)]),
    row(["---", ...all.map(() => "---")]),
    ...names.map((name) => row([name, ...all.map((r) => cell(r, name))])),
  ].join("\n");

const made = [
  "Executions that happened, of those that may; made by `scripts/adapter-table.mjs` from the suites.",
  "",
  table("case", cases, (r, name) => {
    const of = r.cases[name];
    return of
      ? `${of.executed} of ${of.may}${of.executed > of.may ? " **too many**" : ""}`
      : (r.skip[name] ?? "not run");
  }),
  "",
  "Golden failures, and what the run ended with:",
  "",
  table("broken", golden, (r, name) => {
    const of = r.golden[name];
    return of ? `${of.passed ? "" : "**wrong** "}\`${of.actual ?? "did not end"}\`` : "not run";
  }),
].join("\n");

const file = path.join(root, "docs", "adapters", "README.md");
const page = readFileSync(file, "utf8");
const [head, rest] = page.split("<!-- made -->\n");
const tail = rest?.split("<!-- /made -->")[1];
if (!head || tail === undefined) throw new Error(`${file} has no place for the table.`);
writeFileSync(file, `${head}<!-- made -->\n${made}\n<!-- /made -->${tail}`);
tool(["@biomejs/biome/bin/biome", "format", "--write", file]);
process.stdout.write(`${made}\n`);
