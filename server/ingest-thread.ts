import { parentPort } from "node:worker_threads";
import type { Ctx } from "../lib/platform/ctx";
import { closePools } from "../lib/platform/db/pool";
import { type Code, Failure, type FieldError } from "../lib/platform/errors";
import { log } from "../lib/platform/log";
import { ingestOtlp, postSpans } from "../lib/runs";

type PlainCtx = Omit<Ctx, "now">;
export type IngestRequest =
  | { kind: "otlp"; id: number; ctx: PlainCtx; body: Uint8Array; encoding: string | null; json: boolean }
  | { kind: "spans"; id: number; ctx: PlainCtx; body: Uint8Array }
  | { kind: "stop"; id: number };
type Refusal = { code: Code; message: string; errors?: FieldError[]; retryAfterS?: number };
export type IngestAnswer = { id: number } & (
  | { ok: true; value: unknown; failure?: never }
  | { ok: false; value?: never; failure: Refusal }
);

const living = (ctx: PlainCtx): Ctx => ({ ...ctx, now: () => new Date() });

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (err) {
    throw new Failure("bad_request", `Not JSON: ${(err as Error).message}`);
  }
}

async function handle(request: Exclude<IngestRequest, { kind: "stop" }>): Promise<unknown> {
  const ctx = living(request.ctx);
  if (request.kind === "spans") return postSpans(ctx, parseJson(request.body));
  return ingestOtlp(ctx, request);
}

function refusal(err: unknown): Refusal {
  if (err instanceof Failure) {
    const { code, message, errors, retryAfterS } = err;
    return { code, message, errors, retryAfterS };
  }
  log.error({ err: err instanceof Error ? err.stack : String(err) }, "ingest failed");
  return { code: "unavailable", message: "The spans could not be stored now. Send them again.", retryAfterS: 1 };
}

const port = parentPort;
port?.on("message", (request: IngestRequest) => {
  if (request.kind === "stop") {
    void closePools().finally(() => process.exit(0));
    return;
  }
  handle(request).then(
    (value) => port.postMessage({ id: request.id, ok: true, value } satisfies IngestAnswer),
    (err) => port.postMessage({ id: request.id, ok: false, failure: refusal(err) } satisfies IngestAnswer),
  );
});
