import type { Probe, ProbeResult, ProbeState } from "./schema";

const ms = (n: number): string => (n >= 10_000 ? `${(n / 1000).toFixed(1)} s` : `${Math.round(n)} ms`);

/** A result against what its probe asks for. Pure: a probe that was tightened judges what came before by its new word. */
export function judged(
  asks: Pick<Probe, "max_latency_ms" | "expected_status"> | null,
  last: Pick<ProbeResult, "status" | "latency_ms" | "http_status" | "detail"> | null,
): { state: ProbeState; why: string | null } {
  if (!last) return { state: "not run", why: null };
  const { max_latency_ms: max, expected_status: expected } = asks ?? {};
  if (last.status === "failed")
    return { state: "fail", why: last.detail ?? (last.http_status ? `it answered ${last.http_status}` : "it failed") };
  if (expected !== undefined && last.http_status !== expected)
    return {
      state: "fail",
      why:
        last.http_status === null
          ? `no HTTP status, ${expected} expected`
          : `${last.http_status}, ${expected} expected`,
    };
  if (max !== undefined && last.latency_ms > max)
    return { state: "too slow", why: `answered in ${ms(last.latency_ms)}, limit ${ms(max)}` };
  return { state: "pass", why: null };
}
