import type { SpanStatus } from "../span";
import { isInterrupt } from "./conventions/langchain";
import type { Facts } from "./facts";
import { redactText } from "./redact";
import { cut, firstLine } from "./text";
import type { OtlpSpan } from "./types";

export type Outcome = { status: SpanStatus; errorType: string | null; errorMessage: string | null; suspended: boolean };

function texts(span: OtlpSpan, key: string): string[] {
  return span.events
    .filter((event) => event.name === "exception")
    .map((event) => event.attributes[key])
    .filter((value) => typeof value === "string");
}

function message(...candidates: (string | null | undefined)[]): string | null {
  for (const candidate of candidates) {
    const line = firstLine(candidate ?? "", 4_000);
    if (line !== "") return cut(redactText(line), 500);
  }
  return null;
}

/**
 * How a span ended. An interrupt (a graph that waits for a person) is no error: it is unset, and suspended. Messages
 * are redacted, one line, at most 500 characters: what follows is a stack.
 */
export function outcome(span: OtlpSpan, facts: Facts): Outcome {
  const failed = span.status.code === 2 || (facts.error ?? null) !== null;
  if (!failed) {
    const status = span.status.code === 1 ? "ok" : "unset";
    return { status, errorType: null, errorMessage: null, suspended: facts.suspended === true };
  }
  const types = texts(span, "exception.type");
  const messages = texts(span, "exception.message");
  if (isInterrupt(span.status.message || (messages[0] ?? ""), types)) {
    return { status: "unset", errorType: null, errorMessage: null, suspended: true };
  }
  const said = span.attributes["error.type"];
  const type = typeof said === "string" && said !== "" ? said : (types[0] ?? facts.error?.type ?? null);
  const own = span.attributes["error.message"];
  return {
    status: "error",
    errorType: type === null || type === "" ? null : cut(redactText(type), 200),
    errorMessage: message(span.status.message, facts.error?.message, messages[0], typeof own === "string" ? own : null),
    suspended: false,
  };
}
