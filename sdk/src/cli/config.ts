import { readFileSync, writeFileSync } from "node:fs";
import { type Command, EXIT, Exit, text } from "./command.js";
import { table } from "./print.js";

type Change = { kind: string; id: string; change: string };

/** Configuration as code: the file, or standard input as "-". */
export const apply: Command = {
  usage: "apply <file.yaml | -> [--dry-run]",
  about:
    "Make the environment as the file says; nothing is deleted. With --dry-run it exits with 3 where something would change.",
  needs: "configure",
  options: { "dry-run": { type: "boolean", about: "only say what would change" } },
  run: async (call) => {
    const [file] = call.positionals;
    if (!file) throw new Exit(EXIT.usage, "Which file?");
    const dry = call.values["dry-run"] === true;
    const { changes } = await call.client.call<{ changes: Change[] }>(
      "POST",
      `/import${dry ? "?dry_run=true" : ""}`,
      readText(file),
      "application/yaml",
    );
    call.give({ changes, applied: !dry });
    call.say(
      changes.length === 0
        ? "Nothing differs."
        : table(
            ["what", "name", dry ? "would be" : "was"],
            changes.map((c) => [c.kind, c.id, c.change]),
          ),
    );
    return dry && changes.length > 0 ? EXIT.notRight : EXIT.done;
  },
};

export const exportConfig: Command = {
  usage: "export [--out <file>]",
  about: "The whole configuration of the environment as one YAML file; secrets are not in it.",
  needs: "configure",
  options: { out: { type: "string", short: "o", about: "write it there", default: "standard output" } },
  run: async (call) => {
    const answer = await call.client.raw("GET", "/export");
    const yaml = await answer.text();
    if (!answer.ok) throw new Exit(EXIT.refused, yaml.slice(0, 400));
    const out = text(call.values, "out");
    if (out) writeFileSync(out, yaml);
    else if (!call.json) call.io.out(yaml);
    call.give({ yaml });
    return EXIT.done;
  },
};

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new Exit(EXIT.usage, `${file} cannot be read: ${(error as Error).message}`);
  }
}
