import { assertMay, bound } from "../../platform/authz";
import type { Ctx } from "../../platform/ctx";
import { Failure } from "../../platform/errors";
import {
  decodeJson,
  decodeProtobuf,
  inflate,
  normalise,
  OtlpDecodeError,
  PayloadTooLarge,
  UnsupportedEncoding,
} from "../otlp";
import type { SpanRejection } from "../span";
import { storeSpans } from "./writer";

/** After decompression; what the OTLP specification recommends. */
export const MAX_OTLP_BYTES = 64 * 1024 * 1024;

export type OtlpBody = { body: Uint8Array; encoding: string | null; json: boolean };
export type OtlpAnswer = { accepted: number; rejected: SpanRejection[]; runs: number };

/**
 * A trace request: decoded, normalised, stored, acknowledged after the commit. What is wrong with a span is one entry of
 * `rejected`; the spans beside it are kept.
 * @throws Failure `bad_request` (not decodable) | `too_large` | `unsupported_media_type` | `unavailable` (send it again)
 */
export async function ingestOtlp(ctx: Ctx, { body, encoding, json }: OtlpBody): Promise<OtlpAnswer> {
  assertMay(ctx, "spans.write");
  const request = await decode(body, encoding, json);
  const { spans, rejected } = normalise(request, ctx.now());
  const kept = spans.filter((span, n) => {
    const ok = bound(ctx, span.agentId, span.tenantId);
    if (!ok)
      rejected.push({
        path: `spans[${n}]`,
        message: `This key is bound to other agents or tenants than ${span.agentId}.`,
      });
    return ok;
  });
  await storeSpans({ environmentId: ctx.environmentId, spans: kept });
  return { accepted: kept.length, rejected, runs: new Set(kept.map((s) => s.runId ?? s.traceId)).size };
}

async function decode(body: Uint8Array, encoding: string | null, json: boolean) {
  try {
    const plain = await inflate(body, encoding, MAX_OTLP_BYTES);
    return json ? decodeJson(plain) : decodeProtobuf(plain);
  } catch (err) {
    if (err instanceof PayloadTooLarge)
      throw new Failure("too_large", `More than ${MAX_OTLP_BYTES} bytes after decompression.`);
    if (err instanceof UnsupportedEncoding) throw new Failure("unsupported_media_type", err.message);
    if (err instanceof OtlpDecodeError) throw new Failure("bad_request", err.message);
    throw err;
  }
}
