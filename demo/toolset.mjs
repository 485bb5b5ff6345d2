// @ts-check
import { tool } from "ai";
import { between } from "./chance.mjs";
import { guarded } from "./guard.mjs";
import { noteOnSpan } from "./telemetry.mjs";
import { sleep } from "./time.mjs";
import { CATALOGUE, HttpError } from "./tools.mjs";

/** What a tool does in one run instead of its usual answer; throwing is its failure. @typedef {Record<string, (args: any) => unknown>} Faults */
/** Why the run asks, and in which step it is. @typedef {{ goal: string, step: () => number }} About */

/** A call as the gate is asked for it. @param {string} name @param {any} args @param {About} about @returns {import("./gate.mjs").Question} */
export function questionOf(name, args, about) {
  const { connector, effect, touches, facts } = CATALOGUE[name];
  const resources = touches ? [touches(args)] : [];
  return {
    kind: "tool",
    tool: name,
    connector,
    effect,
    step: about.step(),
    args,
    facts: facts?.(args) ?? {},
    ...(effect === "read" ? {} : { intent: { reason: about.goal, resources } }),
  };
}

/** @param {readonly string[]} names @param {Faults} faults @param {import("./gate.mjs").Gate} gate @param {About} about */
export function toolset(names, faults, gate, about) {
  return Object.fromEntries(
    names.map((name) => {
      const made = CATALOGUE[name];
      /** @param {any} args @param {AbortSignal | undefined} signal */
      const work = async (args, signal) => {
        await sleep(between(...made.ms), signal);
        noteOnSpan({ "url.full": made.endpoint });
        try {
          const result = (faults[name] ?? made.answer)(args);
          noteOnSpan({ "http.response.status_code": 200 });
          return result;
        } catch (err) {
          if (err instanceof HttpError) noteOnSpan({ "http.response.status_code": err.status, "error.type": err.name });
          throw err;
        }
      };
      const execute = (
        /** @type {any} */ args,
        /** @type {{ abortSignal?: AbortSignal, toolCallId: string }} */ { abortSignal, toolCallId },
      ) => guarded(gate, questionOf(name, args, about), toolCallId, made.endpoint, () => work(args, abortSignal));
      return [name, tool({ description: made.says, inputSchema: made.input, execute })];
    }),
  );
}
