import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { encodePartialSuccess, encodeStatus, encodeSuccess } from "./encode";
import { OtlpDecodeError, PayloadTooLarge, UnsupportedEncoding } from "./errors";
import { argsFingerprint, argsHash, canonicalJson, preview, sha256hex } from "./fingerprint";
import { inflate } from "./inflate";
import { redact, redactText } from "./redact";

describe("inflate", () => {
  const text = Buffer.from("hello ".repeat(100));
  it.each([
    ["gzip", gzipSync(text)],
    ["GZIP ", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["identity", text],
    [null, text],
  ])("opens %s", async (encoding, bytes) => {
    expect(Buffer.from(await inflate(bytes, encoding, 10_000)).equals(text)).toBe(true);
  });

  it("stops a gzip bomb at the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    await expect(inflate(bomb, "gzip", 1024 * 1024)).rejects.toBeInstanceOf(PayloadTooLarge);
    await expect(inflate(text, null, 10)).rejects.toBeInstanceOf(PayloadTooLarge);
  });

  it("tells corrupt from unknown", async () => {
    await expect(inflate(gzipSync(text).subarray(0, 20), "gzip", 10_000)).rejects.toBeInstanceOf(OtlpDecodeError);
    await expect(inflate(Buffer.from("plain"), "gzip", 10_000)).rejects.toBeInstanceOf(OtlpDecodeError);
    await expect(inflate(text, "br", 10_000)).rejects.toBeInstanceOf(UnsupportedEncoding);
  });
});

describe("redact", () => {
  it("hides whole keys in any case and spelling, at any depth, and nothing that merely resembles one", () => {
    const value = {
      Authorization: "x",
      a: [{ apiKey: "y", "set-cookie": ["z"], token_count: 5, tokens: 7 }],
      token: null,
    };
    expect(redact(value)).toEqual({
      Authorization: "[redacted]",
      a: [{ apiKey: "[redacted]", "set-cookie": "[redacted]", token_count: 5, tokens: 7 }],
      token: null,
    });
    expect(redact({ "http.request.header.authorization": ["a"] })).toEqual({
      "http.request.header.authorization": "[redacted]",
    });
    expect(redact({ ssn: "1" }, ["SSN"])).toEqual({ ssn: "[redacted]" });
  });

  it("sees into JSON in strings, even twice and even cut off", () => {
    const inner = JSON.stringify({ password: "hunter2", keep: 1 });
    expect(redact(JSON.stringify({ body: inner }))).not.toContain("hunter2");
    expect(redact('{"password":"hunter2","x":')).not.toContain("hunter2");
    const long = JSON.stringify({
      token: "hunter2",
      inner: JSON.stringify({ api_token: "hunter3" }),
      pad: "x".repeat(20_000),
    });
    expect(preview(long)).not.toMatch(/hunter/);
    expect(redact('{"keep": 1}')).toBe('{"keep": 1}');
  });

  it.each([
    "Authorization: Bearer abc.def-123",
    "bearer abcdefgh",
    "key sk-proj-abcdEFGH1234",
    "ilk_live_0123456789",
    "ghp_abcdefghij0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\ncut off",
    "postgres://user:hunter2@db/x",
    "password=hunter2",
  ])("hides %s in text", (secret) => {
    const result = redactText(`before ${secret}`);
    expect(result).toContain("[redacted]");
    expect(result).toContain("before");
    expect(result).not.toMatch(/abc\.def|abcdefgh|EFGH1234|0123456789|IOSFODNN7|c2lnbmF0|\nabc|cut off|hunter2/);
  });

  it.each(["sk-learn and ask-me", "order A-100 refunded", "the token count is 5", "Basic understanding."])(
    "leaves %s",
    (text) => {
      expect(redactText(text)).toBe(text);
    },
  );

  it("is bounded in depth, size and time", () => {
    let deep: unknown = "x";
    for (let i = 0; i < 5_000; i += 1) deep = [deep];
    const began = performance.now();
    redact(deep);
    redact(`${"[".repeat(50_000)}`);
    for (const part of [
      "eyJ-",
      "Bearer ",
      "password ",
      "-----BEGIN PRIVATE KEY----- ",
      "sk-",
      "://a:",
      '"',
      "\\",
      "A",
    ]) {
      redact(part.repeat(60_000));
    }
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it("removes NUL and lone surrogates", () => {
    expect(redact({ a: "x\u0000y\ud800" })).toEqual({ a: "xy\ufffd" });
  });
});

describe("fingerprints", () => {
  it("writes RFC 8785", () => {
    expect(canonicalJson({ b: [1.0, 1e21, 0.000001, 1e-7, -0], a: "\u20ac\n", "\u00e9": null })).toBe(
      '{"a":"€\\n","b":[1,1e+21,0.000001,1e-7,0],"é":null}',
    );
    expect(canonicalJson({ n: Number.NaN, u: undefined, l: [undefined] })).toBe('{"l":[null],"n":"NaN"}');
    expect(argsHash({ a: 1, b: 2 })).toBe(argsHash({ b: 2, a: 1 }));
    expect(sha256hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("drops volatile names at any depth and in any spelling, and no value for its looks", () => {
    const one = { q: "x", reason: "a", meta: { requestId: "1", trace_id: "t", deep: [{ timestamp: 1 }] } };
    const two = { q: "x", reason: "b", meta: { requestId: "2", trace_id: "u", deep: [{ timestamp: 2 }] } };
    expect(argsFingerprint(one)).toBe(argsFingerprint(two));
    expect(argsHash(one)).not.toBe(argsHash(two));
    const uuid = "9505b122-72b6-46e3-8baa-05c6dde0bc90";
    expect(argsFingerprint({ id: uuid })).not.toBe(argsFingerprint({ id: uuid.replace("9", "8") }));
    expect(argsFingerprint({ at: "2026-01-01T00:00:00Z" })).not.toBe(argsFingerprint({ at: "2026-01-02T00:00:00Z" }));
  });

  it("previews without secrets, in one line, and never half a character", () => {
    expect(preview({ password: "x", a: "b\n\n  c" })).toBe('{"a":"b\\n\\n c","password":"[redacted]"}');
    expect(preview("a\n \t b")).toBe("a b");
    expect(preview(`${"x".repeat(499)}😀`)).toBe("x".repeat(499));
    expect(preview("😀".repeat(300), 500).length).toBe(500);
  });

  it("survives arguments nested without end", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i += 1) deep = { a: deep };
    expect(argsFingerprint(deep)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("encode", () => {
  const proto = protobuf.parse(`syntax = "proto3";
    message Response { Partial partial_success = 1; } message Partial { int64 rejected_spans = 1; string error_message = 2; }
    message Status { int32 code = 1; string message = 2; }`).root;
  const read = (type: string, bytes: Uint8Array): unknown => {
    const found = proto.lookupType(type);
    return found.toObject(found.decode(bytes), { longs: String });
  };

  it("answers success with nothing in it", () => {
    expect(Buffer.from(encodeSuccess("json").body).toString()).toBe("{}");
    expect(encodeSuccess("protobuf")).toMatchObject({ contentType: "application/x-protobuf" });
    expect(encodeSuccess("protobuf").body.byteLength).toBe(0);
  });

  it("counts what was refused, as a string in JSON", () => {
    const json = JSON.parse(Buffer.from(encodePartialSuccess("json", 2, "bad é").body).toString());
    expect(json).toEqual({ partialSuccess: { rejectedSpans: "2", errorMessage: "bad é" } });
    expect(read("Response", encodePartialSuccess("protobuf", 300, "bad é").body)).toEqual({
      partialSuccess: { rejectedSpans: "300", errorMessage: "bad é" },
    });
  });

  it("writes google.rpc.Status", () => {
    expect(JSON.parse(Buffer.from(encodeStatus("json", 3, "m").body).toString())).toEqual({ code: 3, message: "m" });
    expect(read("Status", encodeStatus("protobuf", 14, "m".repeat(200)).body)).toEqual({
      code: 14,
      message: "m".repeat(200),
    });
  });
});
