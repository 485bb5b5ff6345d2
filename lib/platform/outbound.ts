import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { env } from "./env";

const MAX_ANSWER = 256 * 1024;

/** Addresses that a hook must not reach unless the administrator says so: this machine, private networks, link-local. */
async function assertPublic(url: URL): Promise<void> {
  if (env().INTERLOCK_ALLOW_PRIVATE_WEBHOOKS) return;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = ipaddr.isValid(host) ? [host] : (await lookup(host, { all: true })).map((a) => a.address);
  for (const address of addresses)
    if (ipaddr.process(address).range() !== "unicast")
      throw new Error(`${url.host} is a private address; INTERLOCK_ALLOW_PRIVATE_WEBHOOKS allows it`);
}

/**
 * POSTs JSON to an address that a person configured, and reads a JSON answer. No redirects, bounded in time and size.
 * @throws Error with a message for people
 */
export async function outbound(address: string, body: unknown, timeoutMs: number): Promise<unknown> {
  const url = new URL(address);
  await assertPublic(url);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "Interlock" },
    body: JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > MAX_ANSWER) throw new Error("its answer is too large");
  return text === "" ? null : JSON.parse(text);
}
