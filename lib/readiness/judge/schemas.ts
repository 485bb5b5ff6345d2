import { matches } from "../../platform/authz";
import type { Facts, Held } from "./facts";
import { type Judged, list, type Part } from "./part";
import { effectivePath, everywhere, value } from "./policy";
import { question } from "./question";
import { ruleOn } from "./rules";

const SCHEMA = /^tools\.catalog\.(.+)\.output_schema$/;
function toolsOf(f: Facts): string[] {
  const allowed = f.held.flatMap((h) => (value(h, "tools.allow") as string[] | undefined) ?? []);
  return [...new Set([...(f.runs?.tools ?? []), ...allowed.filter((name) => !name.includes("*"))])].sort();
}
function schemas(f: Facts): Part {
  const tools = toolsOf(f);
  if (tools.length === 0)
    return {
      ok: null,
      say: "Not known: it has called no tool, and its policy names none",
      mend: ["Open its policy", effectivePath(f)],
    };
  const described = (h: Held, tool: string): boolean =>
    [...h.lines].some(([key, line]) => {
      const name = SCHEMA.exec(key)?.[1];
      return name !== undefined && line.said && line.value !== true && matches(name, tool);
    });
  const without = tools.filter((tool) => !f.held.every((h) => h.mode === "enforce" && described(h, tool)));
  return without.length === 0
    ? { ok: true, say: `All ${tools.length} of its tools declare an output schema`, path: effectivePath(f) }
    : {
        ok: false,
        say: `${without.length} of its ${tools.length} tools without an output schema: ${list(without)}`,
        mend: ["Declare them", effectivePath(f)],
      };
}
export const schemaChange = (f: Facts): Judged =>
  question(3, "schema_change", "What happens when a tool’s schema changes?", [
    schemas(f),
    everywhere(
      f,
      (h) => h.mode === "enforce" && value(h, "validation.output.fail_closed") === true,
      "Outputs that do not fit are refused (fail closed)",
      "Outputs that do not fit are let through",
    ),
    ruleOn(f, ["schema_violations"], "schema_violations"),
  ]);
