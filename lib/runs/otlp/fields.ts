import type { SpanReader } from "./reader";
import { redactText } from "./redact";
import { cut } from "./text";
import type { Node } from "./trace";

/** Names of the semantic conventions that have dots of their own. */
const DOTTED = /^(azure\.ai\.(openai|inference)|gcp\.(vertex_ai|gemini|gen_ai)|aws\.bedrock|ibm\.watsonx\.ai)$/;
const RENAMED: Record<string, string> = {
  "az.ai.openai": "azure.ai.openai",
  "az.ai.inference": "azure.ai.inference",
  vertex_ai: "gcp.vertex_ai",
  gemini: "gcp.gemini",
  xai: "x_ai",
};

/** Trimmed and cut; null where nothing is left. */
export function short(value: string | null | undefined, max = 500): string | null {
  const text = cut((value ?? "").trim(), max);
  return text === "" ? null : text;
}

/** `openai.chat` is OpenAI's; `langchain` is nobody's. */
export function providerOf(value: string | null | undefined): string | null {
  const name = short(value, 100)?.toLowerCase() ?? null;
  if (name === null || name === "langchain") return null;
  const known = RENAMED[name] ?? name;
  return DOTTED.test(known) ? known : short(known.split(".")[0]);
}

export function resourceText(node: Node, ...keys: string[]): string | null {
  for (const key of keys) {
    const value = node.reader.resource[key];
    const found = short(typeof value === "number" ? String(value) : typeof value === "string" ? value : null);
    if (found !== null) return found;
  }
  return null;
}

const ENVIRONMENT = ["deployment_env", "deployment.environment.name", "deployment.environment"];

export function environmentOf(node: Node): string | null {
  return node.reader.text(...ENVIRONMENT, "langfuse.environment") ?? resourceText(node, ...ENVIRONMENT);
}

export function httpStatusOf(reader: SpanReader): number | null {
  const status = reader.number("http.response.status_code", "http.status_code", "http_status");
  return status !== null && Number.isInteger(status) && status >= 100 && status <= 599 ? status : null;
}

/** Where the span called: an address without its query, which is where secrets travel. */
export function endpointOf(reader: SpanReader): string | null {
  const said = reader.text(
    "url.full",
    "http.url",
    "endpoint",
    "http.route",
    "url.path",
    "http.target",
    "server.address",
  );
  return said === null ? null : short(redactText((said.split(/[?#]/)[0] ?? "").slice(0, 2_000)));
}
