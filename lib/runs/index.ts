export { activity } from "./activity";
export { finish } from "./finish";
export { heartbeat } from "./heartbeat";
export { type JsonAnswer, postSpans } from "./ingest/json";
export { toNormal } from "./ingest/normal";
export { ingestOtlp, MAX_OTLP_BYTES, type OtlpAnswer, type OtlpBody } from "./ingest/otlp";
export { sweepRuns, tendPartitions } from "./jobs";
export { getRun, getSpan, listRuns, listSpans } from "./list";
export { ancestorsOf, type Opened, openRun } from "./open";
export {
  argsFingerprint,
  canonicalJson,
  encodePartialSuccess,
  encodeStatus,
  encodeSuccess,
  namesIn,
  preview,
  redact,
  sha256hex,
} from "./otlp";
export { costOf, listPrices, type Prices, pricesOf, setPrice } from "./prices";
export type { NormalSpan, Signals, SpanKind, SpanStatus } from "./span";
export type { StopReason } from "./stop-reasons";
export { statusOf } from "./stop-reasons";
export {
  identity as runIdentity,
  type RunIdentity,
  renew as renewLeases,
  shiftLeases,
  touch as touchRuns,
} from "./store/lifecycle";
export { editedPrices, writePrice } from "./store/prices";
