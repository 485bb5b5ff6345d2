import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { env } from "./env";

const MAX_ANSWER = 256 * 1024;

/** Nothing was sent, and nothing will be until an administrator allows it. */
export class PrivateAddress extends Error {
  override name = "PrivateAddress";
}

/** Addresses that a hook must not reach unless the administrator says so: this machine, private networks, link-local. */
async function assertPublic(url: URL): Promise<void> {
  if (env().INTERLOCK_ALLOW_PRIVATE_WEBHOOKS) return;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = ipaddr.isValid(host) ? [host] : (await lookup(host, { all: true })).map((a) => a.address);
  for (const address of addresses)
    if (ipaddr.process(address).range() !== "unicast")
      throw new PrivateAddress(`${url.host} is a private address; INTERLOCK_ALLOW_PRIVATE_WEBHOOKS allows it`);
}

export type Posted = { status: number; headers: Headers; text: string; over: boolean };

type Options = { timeoutMs: number; headers?: Record<string, string>; maxAnswer?: number };
/**
 * POSTs to an address that a person configured, and reads the answer's first bytes. No redirects, bounded in time and size.
 * @throws Error with a message for people where there is no answer
 */
export const post = (address: string, body: string, options: Options): Promise<Posted> => ask(address, body, options);
/** GETs it, by the same rules. @throws Error with a message for people where there is no answer */
export const get = (address: string, options: Options): Promise<Posted> => ask(address, null, options);

async function ask(address: string, body: string | null, options: Options): Promise<Posted> {
  const url = new URL(address);
  const signal = AbortSignal.timeout(options.timeoutMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    await Promise.race([assertPublic(url), late]);
    const answer = await fetch(url, {
      method: body === null ? "GET" : "POST",
      headers: {
        ...(body === null ? {} : { "content-type": "application/json" }),
        "user-agent": "Interlock",
        ...options.headers,
      },
      body,
      redirect: "manual",
      signal,
    });
    return { status: answer.status, headers: answer.headers, ...(await firstOf(answer, options.maxAnswer ?? 2_048)) };
  } catch (err) {
    if (signal.aborted) throw new Error(`no answer within ${options.timeoutMs / 1000} s`, { cause: err });
    const { cause } = err as { cause?: { code?: unknown } };
    if (typeof cause?.code === "string") throw new Error(`it cannot be reached: ${cause.code}`, { cause: err });
    throw err;
  }
}

async function firstOf(answer: Response, max: number): Promise<{ text: string; over: boolean }> {
  const reader = answer.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    parts.push(next.value);
    size += next.value.length;
    if (size > max) break;
  }
  await reader?.cancel();
  return { text: Buffer.concat(parts).subarray(0, max).toString("utf8"), over: size > max };
}

/**
 * POSTs JSON and reads a JSON answer.
 * @throws Error with a message for people
 */
export async function outbound(address: string, body: unknown, timeoutMs: number): Promise<unknown> {
  const answer = await post(address, JSON.stringify(body), { timeoutMs, maxAnswer: MAX_ANSWER });
  if (answer.status < 200 || answer.status > 299) throw new Error(`it answered ${answer.status}`);
  if (answer.over) throw new Error("its answer is too large");
  return answer.text === "" ? null : JSON.parse(answer.text);
}
