// @ts-check
import { OpenTelemetry } from "@ai-sdk/otel";
import { context, createContextKey, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

/** @typedef {Record<string, string>} RunAttributes */
const RUN = createContextKey("attributes of the run");

/** Whatever begins inside a run carries the run's id: the AI SDK's spans, and those of any other library beside it. */
const ofTheRun = {
  /** @param {import("@opentelemetry/sdk-trace-base").Span} span @param {import("@opentelemetry/api").Context} parent */
  onStart(span, parent) {
    span.setAttributes(/** @type {RunAttributes | undefined} */ (parent.getValue(RUN)) ?? {});
  },
  onEnd() {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** @template T @param {RunAttributes} attributes @param {() => T} work @returns {T} */
export const inRun = (attributes, work) => context.with(context.active().setValue(RUN, attributes), work);

/** What a tool found out about its HTTP call stands on the span of the tool. @param {import("@opentelemetry/api").Attributes} attributes */
export const noteOnSpan = (attributes) => trace.getActiveSpan()?.setAttributes(attributes);

/** One exporter for the process, one tracer per agent: each agent is a service of its own. @param {string} url @param {string} key */
export function startTelemetry(url, key) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new OTLPTraceExporter({
    url: `${url}/api/otel/v1/traces`,
    headers: { authorization: `Bearer ${key}` },
  });
  const batch = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 2_000, maxExportBatchSize: 256 });
  return {
    /** @param {string} agentId @param {string} version @returns {import("ai").Telemetry} */
    of(agentId, version) {
      const provider = new BasicTracerProvider({
        resource: resourceFromAttributes({
          "service.name": agentId,
          "service.version": version,
          "deployment.environment.name": "production",
        }),
        spanProcessors: [ofTheRun, batch],
        spanLimits: { attributeValueLengthLimit: 8_192 },
      });
      return new OpenTelemetry({ tracer: provider.getTracer("gen_ai"), agentSpanName: "functionId" });
    },
    stop: () => batch.shutdown().catch(() => undefined),
  };
}
