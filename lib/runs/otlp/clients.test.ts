import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CLIENTS, openInference, type Reading, read } from "../fixtures/oracle";
import { trailToOtlp } from "../fixtures/trail";
import type { NormalSpan } from "../span";
import { decodeJson, decodeProtobuf } from "./decode";
import { normalise } from "./normalise";

const FOLDER = join(import.meta.dirname, "../fixtures/otlp");
const TRAIL = join(import.meta.dirname, "../../../../shared/data/otel-dev");
const NOW = new Date("2026-11-21T12:00:00Z");

function ours(spans: NormalSpan[]): Reading {
  const models = spans.filter((span) => span.kind === "model");
  const tools = spans.filter((span) => span.kind === "tool");
  return {
    runs: new Set(spans.map((span) => span.runId ?? span.traceId)).size,
    llm: models.length,
    tools: tools.length,
    input: spans.reduce((sum, span) => sum + (span.tokens?.input ?? 0), 0),
    output: spans.reduce((sum, span) => sum + (span.tokens?.output ?? 0), 0),
    errors: spans.filter((span) => span.status === "error").length,
    toolNames: tools.map((span) => span.tool ?? "").sort(),
    argHashes: tools.map((span) => span.argsHash ?? "").sort(),
  };
}

/** The JSON captures were anonymised, the protobuf ones not: what a resource says of its machine differs. */
const machineless = (spans: NormalSpan[]): unknown =>
  JSON.parse(JSON.stringify(spans), (key, value: unknown) => (/^(host|process)\./.test(key) ? undefined : value));

/** What the scenarios of `otel.md` did, so that oracle and module cannot be wrong together. */
const KNOWN: Record<string, Partial<Reading>> = {
  "ai-sdk-v6": { runs: 3, llm: 6, tools: 3, input: 268, output: 55, errors: 1 },
  "ai-sdk-v7-legacy": { runs: 4, llm: 7, tools: 3, input: 268, output: 55 },
  "ai-sdk-v7": { runs: 4, llm: 7, tools: 3, input: 268, output: 55 },
  "openai-agents": { runs: 2, llm: 6, tools: 4, input: 252, output: 66, errors: 2 },
  "langchain-openinference": { runs: 3, llm: 7, tools: 4, input: 294, output: 77, errors: 2 },
  "langchain-traceloop": { runs: 1, llm: 10, tools: 5, input: 420, output: 110, errors: 2 },
  "mcp-traceloop": { llm: 0, tools: 2, input: 0, output: 0 },
  "otel-genai-json": { runs: 1, llm: 2, tools: 2, input: 2400, output: 360, errors: 1 },
  "otel-genai-proto": { runs: 1, llm: 2, tools: 2, input: 2400, output: 360, errors: 1 },
};
const AGENTS: Record<string, string[]> = {
  "ai-sdk-v6": ["support-agent"],
  "ai-sdk-v7-legacy": ["support-agent"],
  "ai-sdk-v7": ["support-agent"],
  "openai-agents": ["Support Agent"],
  "langchain-openinference": ["openai_agent", "refund_agent", "support_agent"],
  "langchain-traceloop": ["support_agent"],
  "mcp-traceloop": ["mcp-client", "mcp-server"],
  "otel-genai-json": ["Support Agent"],
  "otel-genai-proto": ["Support Agent"],
};

describe.each(Object.entries(CLIENTS))("what %s sent", (name, client) => {
  const bytes = readFileSync(join(FOLDER, `${name}.json`));
  const payload: unknown = JSON.parse(bytes.toString());
  const fromJson = normalise(decodeJson(bytes), NOW);

  it("reads the same as an independent reader", () => {
    expect(fromJson.rejected).toEqual([]);
    expect(ours(fromJson.spans)).toEqual(read(payload, client));
    expect(ours(fromJson.spans)).toMatchObject(KNOWN[name] ?? {});
  });

  it("names its agents", () => {
    expect([...new Set(fromJson.spans.map((span) => span.agentId))].sort()).toEqual(AGENTS[name]);
  });

  it("gives every tool call an id where the payload has one", () => {
    const ids = fromJson.spans.filter((span) => span.kind === "tool").map((span) => span.toolCallId);
    if (name !== "mcp-traceloop") expect(ids).not.toContain(null);
  });

  it("keeps attributes within 128 and 32 KB, and no NUL", () => {
    for (const span of fromJson.spans) {
      expect(Object.keys(span.attributes).length).toBeLessThanOrEqual(128);
      expect(Buffer.byteLength(JSON.stringify(span.attributes))).toBeLessThanOrEqual(32 * 1024);
      expect(JSON.stringify(span)).not.toContain("\\u0000");
    }
  });

  it.skipIf(!existsSync(join(FOLDER, `${name}.pb`)))("reads its protobuf twin the same", () => {
    const twin = normalise(decodeProtobuf(readFileSync(join(FOLDER, `${name}.pb`))), NOW);
    const ids = new Set(twin.spans.map((span) => span.spanId));
    expect(twin.rejected).toEqual([]);
    expect(ids.size).toBeGreaterThan(0);
    expect(machineless(twin.spans)).toEqual(machineless(fromJson.spans.filter((span) => ids.has(span.spanId))));
    expect(ours(twin.spans)).toEqual(read(payload, client, ids));
  });
});

describe("traps of the captured clients", () => {
  const spansOf = (name: string): NormalSpan[] =>
    normalise(decodeJson(readFileSync(join(FOLDER, `${name}.json`))), NOW).spans;

  it("gives a whole AI SDK 7 trace the conversation that only its steps carry", () => {
    expect(new Set(spansOf("ai-sdk-v7").map((span) => span.conversationId))).toEqual(new Set(["sess_123"]));
  });

  it("recovers LangChain's tool names under OpenLLMetry, of failed calls too", () => {
    const tools = spansOf("langchain-traceloop").filter((span) => span.kind === "tool");
    expect(tools.map((span) => `${span.tool}:${span.status}`)).toEqual([
      "get_order:ok",
      "refund:error",
      "get_order:ok",
      "refund:error",
      "get_order:unset",
    ]);
  });

  it("keeps a single-key LangChain argument as its text, and strips the stack", () => {
    const tools = spansOf("langchain-openinference").filter((span) => span.kind === "tool");
    expect(tools[0]?.argsPreview).toBe("A-100");
    expect(tools[1]).toMatchObject({ tool: "refund", toolCallId: "call_2", errorMessage: "payment gateway 503" });
  });

  it("keeps cached and reasoning tokens apart and drops what a resource says of a machine", () => {
    const [chat] = spansOf("otel-genai-json").filter((span) => span.kind === "model");
    expect(chat?.tokens).toEqual({ input: 1200, output: 180, cached: 900, cacheWrite: 25, reasoning: 50 });
    expect(JSON.stringify(chat?.attributes)).not.toMatch(/process\.command_args|process\.owner|host\.id/);
    expect(chat).toMatchObject({ provider: "openai", deploymentEnv: "staging", endpoint: "api.openai.com" });
  });
});

const traces = existsSync(TRAIL) ? readdirSync(TRAIL).filter((file) => file.endsWith(".json.gz")) : [];
if (traces.length === 0) console.warn(`skipped: no TRAIL traces in ${TRAIL}`);

describe.skipIf(traces.length === 0)("79 TRAIL traces (smolagents over OpenInference)", () => {
  it("takes every span, and reads calls, tokens and tools as an independent reader does", { timeout: 120_000 }, () => {
    let spans = 0;
    for (const file of traces) {
      const payload = trailToOtlp(JSON.parse(gunzipSync(readFileSync(join(TRAIL, file))).toString()));
      const result = normalise(decodeJson(Buffer.from(JSON.stringify(payload))), NOW);
      const theirs = read(payload, openInference);
      const { argHashes: _ours, ...mine } = ours(result.spans);
      const { argHashes: _theirs, ...expected } = theirs;
      expect(result.rejected, file).toEqual([]);
      expect(mine, file).toEqual(expected);
      spans += result.spans.length;
      for (const span of result.spans) {
        expect(Buffer.byteLength(JSON.stringify(span.attributes)), file).toBeLessThanOrEqual(32 * 1024);
      }
    }
    expect(traces.length).toBe(79);
    expect(spans).toBe(2151);
  });
});
