// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { between, whole } from "./chance.mjs";

/** @typedef {import("@ai-sdk/provider").LanguageModelV4} LanguageModelV4 */
/** @typedef {{ tool: string, args: Record<string, unknown> }} Call */
/** One turn of the scripted model: what it says, which tools it calls, and how long it thinks. @typedef {{ say?: string, calls?: Call[], ms?: [number, number] }} Turn */
/** A result as the model sees it. @typedef {{ ok: boolean, value: any }} Seen */
/** @typedef {Generator<Turn, string, Seen[]>} Script a generator of turns, which returns the last words */

const PROVIDERS = /** @type {const} */ ([
  ["gpt", "openai"],
  ["claude", "anthropic"],
  ["gemini", "google"],
]);
/** @param {unknown} value */
const tokensOf = (value) => Math.ceil((typeof value === "string" ? value : (JSON.stringify(value) ?? "")).length / 4);

/** The results of the calls made last. @param {import("@ai-sdk/provider").LanguageModelV4Prompt} prompt @returns {Seen[]} */
function seen(prompt) {
  const last = prompt.at(-1);
  if (last?.role !== "tool") return [];
  return last.content.flatMap((part) => {
    if (part.type !== "tool-result") return [];
    const { output } = part;
    const value = "value" in output ? output.value : null;
    return [{ ok: output.type === "json" || output.type === "text", value }];
  });
}

/**
 * A language model that follows a script instead of thinking, with a real one's name, latency and token counts.
 * @param {string} modelId @param {Script} script @returns {LanguageModelV4}
 */
export function scriptedModel(modelId, script) {
  let cached = 0;
  const provider = PROVIDERS.find(([prefix]) => modelId.startsWith(prefix))?.[1] ?? "custom";
  return {
    specificationVersion: "v4",
    provider,
    modelId,
    supportedUrls: {},
    async doGenerate({ prompt, tools, abortSignal }) {
      const { value, done } = script.next(seen(prompt));
      /** @type {Turn} */
      const turn = done ? { say: value } : value;
      const calls = (turn.calls ?? []).map(({ tool, args }) => ({ id: callId(), tool, input: JSON.stringify(args) }));
      await sleep(between(...(turn.ms ?? [300, 1_300])), undefined, { signal: abortSignal });

      const input = tokensOf(prompt) + tokensOf(tools);
      const output = tokensOf(turn.say ?? "") + calls.reduce((n, c) => n + tokensOf(c.input) + 14, 0) + whole(4, 24);
      const usage = {
        inputTokens: { total: input, noCache: input - cached, cacheRead: cached, cacheWrite: 0 },
        outputTokens: { total: output, text: output, reasoning: 0 },
      };
      // A provider's cache holds whole blocks of what was sent before.
      cached = Math.floor(input / 1024) * 1024;
      return {
        content: [
          ...(turn.say ? [{ type: /** @type {const} */ ("text"), text: turn.say }] : []),
          ...calls.map((c) => ({
            type: /** @type {const} */ ("tool-call"),
            toolCallId: c.id,
            toolName: c.tool,
            input: c.input,
          })),
        ],
        finishReason:
          calls.length > 0
            ? { unified: /** @type {const} */ ("tool-calls"), raw: "tool_calls" }
            : { unified: /** @type {const} */ ("stop"), raw: "stop" },
        usage,
        response: { id: `resp_${callId().slice(5)}`, modelId, timestamp: new Date() },
        warnings: [],
      };
    },
    doStream() {
      throw new Error("The scripted model does not stream.");
    },
  };
}

const callId = () => `call_${Math.random().toString(36).slice(2, 12)}`;
