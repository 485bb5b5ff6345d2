import { fromJson, isRecord } from "../text";

/** LangGraph's and LangChain's plumbing: spans that are nobody's work. */
export function isPlumbing(name: string): boolean {
  return /^(__start__|__end__|ChannelWrite|ChannelRead|(workflow )?Runnable(Lambda|Sequence|Parallel|Passthrough|Assign)\b|Branch<)/.test(
    name,
  );
}

export type ToolMessage = { name: string | null; toolCallId: string | null; content: unknown };

/** A serialised ToolMessage, of JS (`{lc, kwargs}`, bare or under `output`) or of Python (flat). */
export function toolMessage(value: unknown): ToolMessage | null {
  const outer = fromJson(value);
  const inner = isRecord(outer) && isRecord(outer.output) ? outer.output : outer;
  const fields = isRecord(inner) && isRecord(inner.kwargs) ? inner.kwargs : inner;
  if (!isRecord(fields) || typeof fields.tool_call_id !== "string") return null;
  return {
    name: typeof fields.name === "string" && fields.name !== "" ? fields.name : null,
    toolCallId: fields.tool_call_id === "" ? null : fields.tool_call_id,
    content: fromJson(fields.content),
  };
}

/** The prefix of a text that is one JSON list, whatever stack follows it. */
function leadingList(text: string): unknown {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < Math.min(text.length, 64_000); i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === "\\") i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") {
      depth -= 1;
      if (depth === 0) return fromJson(text.slice(0, i + 1));
    }
  }
  return undefined;
}

/** `interrupt()` leaves a span in error whose message lists what it waits for: `[{id, value}]`. */
export function isInterrupt(message: string, exceptionTypes: string[]): boolean {
  if (exceptionTypes.some((type) => /\b(Graph|Node)Interrupt$/.test(type))) return true;
  const text = message.trimStart();
  if (/^((Graph|Node)Interrupt\b|\(?Interrupt\(value=)/.test(text)) return true;
  if (!text.startsWith("[")) return false;
  const list = leadingList(text);
  if (Array.isArray(list)) {
    return (
      list.length > 0 && list.every((item) => isRecord(item) && "value" in item && ("id" in item || "when" in item))
    );
  }
  return /^\[\s{0,20}\{\s{0,20}"id":\s{0,4}"[^"]{1,200}",\s{0,20}"value"/.test(text);
}
