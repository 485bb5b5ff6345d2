import { refusal } from "../adapters/gate.js";
import { ApprovalPending, type CallError, InterlockError, type Schema } from "../index.js";
import { isObject } from "./rpc.js";
import { misfits } from "./shape.js";

/** What a tool of MCP answers, as far as the gate reads it. */
export type CallResult = {
  content?: unknown;
  structuredContent?: unknown;
  isError?: boolean;
  _meta?: Record<string, unknown>;
  [more: string]: unknown;
};

/** The tool itself said that it failed. What it said is for the model, as it is. */
export class SaidError extends Error {
  constructor(readonly result: CallResult) {
    super(textOf(result).slice(0, 2_000) || "The tool answered with an error.");
    this.name = "ToolError";
  }
}

export const textOf = (result: CallResult): string =>
  (Array.isArray(result.content) ? result.content : [])
    .flatMap((part: unknown) => (isObject(part) && typeof part.text === "string" ? [part.text] : []))
    .join("\n");

const isResult = (value: unknown): value is CallResult =>
  isObject(value) &&
  Array.isArray(value.content) &&
  value.content.every((part: unknown) => isObject(part) && typeof part.type === "string");

/** The gate's own answer to a call that did not happen, or whose answer may not be used. */
export function refused(error: unknown): CallResult {
  const known = error instanceof InterlockError ? error : null;
  const text = known
    ? refusal(known as CallError)
    : `gate_failed: The gate failed, and nothing was done: ${error instanceof Error ? error.message : String(error)}`;
  const pending = known instanceof ApprovalPending ? known.approval : null;
  const how = pending ? ` A person answers at ${pending.url}; after that, call again with the same arguments.` : "";
  return {
    isError: true,
    content: [{ type: "text", text: text + how }],
    _meta: {
      "interlock/code": known?.code ?? "gate_failed",
      ...(pending ? { "interlock/approval": pending } : {}),
    },
  };
}

/** What had been answered when this write really happened. */
export function replayed(kept: unknown): CallResult {
  const _meta = { "interlock/replayed": true };
  if (isResult(kept)) return { ...kept, _meta: { ...kept._meta, ..._meta } };
  if (kept === undefined || kept === null)
    return { content: [{ type: "text", text: "This had happened before; its answer was not kept." }], _meta };
  const text = JSON.stringify(kept);
  return { content: [{ type: "text", text }], ...(isObject(kept) ? { structuredContent: kept } : {}), _meta };
}

/** What an answer says as data: its structure, else the JSON of its one text, else all of it. */
export function dataOf(result: unknown): unknown {
  const { content, structuredContent } = isObject(result) ? result : { content: result, structuredContent: undefined };
  if (structuredContent !== undefined) return structuredContent;
  const [only, ...more] = Array.isArray(content) ? (content as unknown[]) : [];
  if (more.length > 0 || !isObject(only) || typeof only.text !== "string") return result;
  try {
    return JSON.parse(only.text);
  } catch {
    return only.text;
  }
}

/**
 * The check of an answer: that it is one, its size, its structure against what the tool declares, its data against a schema of
 * one's own. What it gives is what is told of the call: the structured part, where there is one.
 */
export function answerSchema(declared: unknown, own: Schema | undefined, maxBytes: number): Schema {
  const wrong = (message: string, ...path: string[]) => ({ issues: [{ message, path }] });
  return {
    "~standard": {
      version: 1,
      vendor: "interlock",
      validate: async (value: unknown) => {
        const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
        if (bytes > maxBytes) return wrong(`it has ${bytes} bytes, and ${maxBytes} are the most that may pass`);
        const { content, structuredContent } = isObject(value) ? value : {};
        if (structuredContent === undefined && !Array.isArray(content))
          return wrong("is no result of a tool", "content");
        if (declared !== undefined && structuredContent === undefined)
          return wrong("it declares a structure and answered none", "structuredContent");
        const found = declared === undefined ? [] : misfits(declared, structuredContent, ["structuredContent"]);
        if (found.length > 0) return { issues: found };
        const checked = await own?.["~standard"].validate(dataOf(value));
        return checked?.issues ? checked : { value: structuredContent ?? value };
      },
    },
  };
}
