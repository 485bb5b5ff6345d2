import type { Step } from "./step";

/** What a tool does is in its first verb: names are written by people who want a model to understand them. */
const WRITES = new Set(
  "send create add post put delete remove update set reserve book pay transfer schedule reschedule cancel invite share append write edit insert upload publish merge push commit deploy grant revoke change modify rename move submit approve reject assign close open-ticket refund charge order purchase buy return exchange reply forward execute install kill restart replace patch".split(
    " ",
  ),
);
const READS = new Set(
  "get list search read find fetch view check query lookup look browse visit show describe count calculate think inspect open scroll page goto click hover type ping test verify validate compare parse summarize transcribe download extract".split(
    " ",
  ),
);
const SHELLS =
  /^(?:bash|shell|sh|terminal|exec|execute_bash|run_command|cmd|powershell|computer_terminal)$|(?:^|[._-])(?:bash|shell|terminal)$/i;
const READING_COMMAND =
  /^\s*(?:cd\s+\S+\s*(?:&&|;)\s*)?(?:ls|cat|head|tail|grep|rg|find|pwd|wc|which|env|echo|sed -n|awk|diff|git (?:status|diff|log|show|branch)|python\d? -m pytest|pytest|npm test|make test|tree|stat|file|type|date|whoami|du|df|ps|printenv)\b/i;
const REDIRECTS = /(?<![0-9&])>(?!&)|\btee\b|\bsed -i|\brm\b|\bmv\b|\bcp\b|\bmkdir\b|\btouch\b/;

const verbsOf = (tool: string): string[] =>
  tool
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((w) => w !== "");

const known = new Map<string, "write" | "read" | "shell" | "unknown">();
export function effectOf(tool: string): "write" | "read" | "shell" | "unknown" {
  const found = known.get(tool);
  if (found) return found;
  if (known.size > 5_000) known.clear();
  let effect: "write" | "read" | "shell" | "unknown" = "unknown";
  if (SHELLS.test(tool)) effect = "shell";
  else
    for (const verb of verbsOf(tool)) {
      if (WRITES.has(verb)) effect = "write";
      else if (READS.has(verb)) effect = "read";
      if (effect !== "unknown") break;
    }
  known.set(tool, effect);
  return effect;
}

/** Does this call change the world? A shell's command says it; a name that says neither is taken for no write. */
export function writes(step: Step): boolean {
  if (step.kind !== "tool" || step.tool === null) return false;
  const effect = effectOf(step.tool);
  // One tool for many things says in an argument which of them is meant.
  if (
    effect === "write" &&
    /^\{"(?:command|action|operation|mode)":"(?:view|read|list|get|show|search|find)/.test(step.args ?? "")
  )
    return false;
  if (effect !== "shell") return effect === "write";
  const command = step.args ?? "";
  const inner = /"(?:command|cmd|code|input)":\s*"((?:[^"\\]|\\.)*)/.exec(command)?.[1] ?? command;
  return REDIRECTS.test(inner) || !READING_COMMAND.test(inner);
}
const EDITORS = /edit|str_replace|patch|notebook/i;
/** A write by its own name: what sends, books, pays or deletes. Not a shell's, nor an editor's, which may well write the same again. */
export const namedWrite = (step: Step): boolean =>
  step.kind === "tool" && step.tool !== null && effectOf(step.tool) === "write" && !EDITORS.test(step.tool);
