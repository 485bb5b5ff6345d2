// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { tool } from "ai";
import { between } from "./chance.mjs";
import { noteOnSpan } from "./telemetry.mjs";
import { CATALOGUE, HttpError } from "./tools.mjs";

/** What a tool does in one run instead of its usual answer; throwing is its failure. @typedef {Record<string, (args: any) => unknown>} Faults */

/** The tools as the AI SDK takes them. What is noted on a span is heard where the AI SDK sends its own. @param {readonly string[]} names @param {Faults} faults */
export function toolset(names, faults) {
  return Object.fromEntries(
    names.map((name) => {
      const { says, input, ms, endpoint, answer } = CATALOGUE[name];
      const execute = async (
        /** @type {any} */ args,
        /** @type {{ abortSignal?: AbortSignal } & Partial<import("@interlock/agent/ai-sdk").Calling>} */ {
          abortSignal: signal,
          interlock,
        },
      ) => {
        await sleep(between(...ms), undefined, { signal });
        noteOnSpan({ "url.full": endpoint, "interlock.decision.id": interlock?.decisionId ?? undefined });
        try {
          const result = (faults[name] ?? answer)(args);
          noteOnSpan({ "http.response.status_code": 200 });
          return result;
        } catch (err) {
          if (err instanceof HttpError) noteOnSpan({ "http.response.status_code": err.status, "error.type": err.name });
          throw err;
        }
      };
      return [name, tool({ description: says, inputSchema: input, execute })];
    }),
  );
}

/** What the gate is to know of the tools, and why this run calls them. @param {readonly string[]} names @param {string} goal @returns {Record<string, import("@interlock/agent/ai-sdk").ToolFacts>} */
export function factsOf(names, goal) {
  return Object.fromEntries(
    names.map((name) => {
      const { effect, connector, endpoint, touches, facts, writtenAs } = CATALOGUE[name];
      const about = (/** @type {any} */ args) => ({
        facts: facts?.(args) ?? {},
        ...(effect === "read" ? {} : { intent: { reason: goal, resources: touches ? [touches(args)] : [] } }),
      });
      return [name, { effect, connector, endpoint, about, externalId: writtenAs }];
    }),
  );
}
