import type { Ctx } from "../platform/ctx";
import type { JsonAnswer, OtlpAnswer, OtlpBody } from "../runs";

/** Where spans are parsed and stored: a thread of its own in the server, this very process in a test. */
export type Ingest = {
  otlp: (ctx: Ctx, body: OtlpBody) => Promise<OtlpAnswer>;
  spans: (ctx: Ctx, body: Uint8Array) => Promise<JsonAnswer>;
};
