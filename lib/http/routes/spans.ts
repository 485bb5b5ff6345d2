import { announce } from "../../platform/announce";
import { Failure, STATUS } from "../../platform/errors";
import { encodePartialSuccess, encodeStatus, encodeSuccess, MAX_OTLP_BYTES } from "../../runs";
import { postSpansInput } from "../../runs/schema";
import { readBody } from "../body";
import { type App, type Call, type Endpoint, environmentSlug, revisionHeader, traceIdOf } from "../endpoint";
import { identify } from "../identify";
import type { Ingest } from "../ingest";
import { counted, spansTaken } from "../metrics";
import { problemHeaders, toFailure } from "../problem";

/** Its body goes to the ingest as bytes, so that parsing it never holds up a poll. */
export const spanRoutes = (ingest: Ingest): Endpoint[] => [
  {
    method: "post",
    path: "/spans",
    tag: "spans",
    summary: "Spans of one run in plain JSON; a bad one is an entry of `rejected`",
    input: postSpansInput,
    raw: true,
    tells: ["runs", "fleet"],
    run: async (ctx, _input, call) => {
      if (typeOf(call) !== "json") throw new Failure("unsupported_media_type", "Send application/json.");
      const answer = await ingest.spans(ctx, await readBody(call.env.incoming, MAX_OTLP_BYTES));
      spansTaken.inc({ outcome: "accepted" }, answer.accepted);
      spansTaken.inc({ outcome: "rejected" }, answer.rejected.length);
      return answer;
    },
  },
];

const PATH = "/otel/v1/traces";

/** HTTP status → the gRPC code that google.rpc.Status carries. */
const GRPC: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 8, 415: 3, 422: 3, 429: 8, 503: 14 };

function typeOf(call: Call): "json" | "protobuf" {
  const type = call.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return "json";
  if (type === "application/x-protobuf") return "protobuf";
  throw new Failure("unsupported_media_type", "Send application/x-protobuf or application/json.");
}

/** Receiver of OTLP/HTTP traces. Errors are google.rpc.Status in the sender's own encoding, as the protocol has it. */
export function mountOtlp(app: App, ingest: Ingest): void {
  app.post(`/api${PATH}`, async (call) => {
    const requestId = traceIdOf(call);
    const type = call.req.header("content-type")?.includes("json") ? "json" : "protobuf";
    try {
      const ctx = await identify(call.env.incoming, requestId, environmentSlug(call));
      const encoding = typeOf(call);
      const body = await readBody(call.env.incoming, MAX_OTLP_BYTES);
      const gzip = call.req.header("content-encoding") ?? null;
      const { accepted, rejected } = await ingest.otlp(ctx, { body, encoding: gzip, json: encoding === "json" });
      spansTaken.inc({ outcome: "accepted" }, accepted);
      spansTaken.inc({ outcome: "rejected" }, rejected.length);
      if (accepted > 0) announce(ctx.environmentId, "runs", "fleet");
      counted(PATH, 200);
      const said = rejected.slice(0, 20).map((r) => `${r.path}: ${r.message}`);
      const answer =
        rejected.length > 0
          ? encodePartialSuccess(encoding, rejected.length, said.join("; "))
          : encodeSuccess(encoding);
      return new Response(Buffer.from(answer.body), {
        headers: { "content-type": answer.contentType, ...(await revisionHeader(ctx)) },
      });
    } catch (err) {
      const failure = toFailure(err, requestId);
      const status = STATUS[failure.code];
      counted(PATH, status);
      const answer = encodeStatus(type, GRPC[status] ?? 2, `${failure.message} (${requestId})`);
      const { "retry-after": retry } = problemHeaders(failure);
      const headers = { "content-type": answer.contentType, ...(retry ? { "retry-after": retry } : {}) };
      return new Response(Buffer.from(answer.body), { status, headers });
    }
  });
  // Logs and metrics are taken and put aside: an exporter that is refused retries for ever.
  for (const signal of ["logs", "metrics"])
    app.post(`/api/otel/v1/${signal}`, async (call) => {
      const requestId = traceIdOf(call);
      try {
        await identify(call.env.incoming, requestId, environmentSlug(call));
        const encoding = typeOf(call);
        await readBody(call.env.incoming, MAX_OTLP_BYTES);
        const answer = encodeSuccess(encoding);
        return new Response(Buffer.from(answer.body), { headers: { "content-type": answer.contentType } });
      } catch (err) {
        const failure = toFailure(err, requestId);
        return new Response(failure.message, { status: STATUS[failure.code] });
      }
    });
}
