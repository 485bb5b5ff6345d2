// An agent that only sends traces: no SDK of Interlock, nothing but the variables of OpenTelemetry.
//   OTEL_SERVICE_NAME=example-opentelemetry
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:3000/api/otel
//   OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer ilk_…"
// It is watched, with alerts and budgets after the fact. It cannot be stopped: what is to be stopped has to ask.
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();
const tracer = trace.getTracer("example");

await tracer.startActiveSpan("invoke_agent support", async (agent) => {
  agent.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "example-opentelemetry" });
  await tracer.startActiveSpan("chat gpt-5-mini", async (model) => {
    model.setAttributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.usage.input_tokens": 40,
      "gen_ai.usage.output_tokens": 12,
    });
    model.end();
  });
  await tracer.startActiveSpan("execute_tool kb_search", async (call) => {
    call.setAttributes({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "kb_search",
      "gen_ai.tool.call.arguments": JSON.stringify({ query: "login" }),
    });
    call.setStatus({ code: SpanStatusCode.OK });
    call.end();
  });
  agent.end();
});

await sdk.shutdown();
console.log("done: traces are sent");
