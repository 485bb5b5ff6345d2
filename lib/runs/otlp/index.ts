export { decodeJson, decodeProtobuf } from "./decode";
export { encodePartialSuccess, encodeStatus, encodeSuccess, type OtlpBody, type OtlpEncoding } from "./encode";
export { OtlpDecodeError, PayloadTooLarge, UnsupportedEncoding } from "./errors";
export { argsFingerprint, argsHash, canonicalJson, preview, sha256hex } from "./fingerprint";
export { inflate } from "./inflate";
export { normalise } from "./normalise";
export { REDACTED, redact, redactText } from "./redact";
export { namesIn, signalsOf } from "./signals";
export type { OtlpRequest, OtlpResourceSpans, OtlpScopeSpans, OtlpSpan } from "./types";
