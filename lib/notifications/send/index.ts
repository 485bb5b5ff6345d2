import { PrivateAddress, post } from "../../platform/outbound";
import { unseal } from "../../platform/seal";
import { PAGERDUTY_URL } from "../schema";
import type { Parcel } from "../store/deliveries";
import type { Came } from "./came";
import { sendEmail } from "./email";
import { pagerdutyBody } from "./pagerduty";
import type { Saying } from "./say";
import { slackBody } from "./slack";
import { signature, webhookBody } from "./webhook";

/** What a channel keeps sealed. */
export type Secrets = { url?: string; secret?: string; routing_key?: string };

export const UNREADABLE = "Its secret cannot be read any more: set it again.";
export const NEEDS_SECRET = "It needs its secret: it came with an imported configuration, which holds none.";
export const TIMEOUT_MS = 10_000;
const MAX_RETRY_AFTER_S = 3_600;
/** What a server says when it is only busy; other 4xx, and redirects, stay what they are. */
const PASSING = new Set([408, 425, 429]);

export const secretsOf = (sealed: Buffer | null): Secrets | null =>
  sealed === null ? {} : (unseal(sealed) as Secrets | null);

/** Once, by the kind of the channel. Never throws. */
export async function send(s: Saying, parcel: Parcel): Promise<Came> {
  if (parcel.sealed === null && parcel.kind !== "email" && parcel.kind !== null)
    return { ok: false, status: null, error: NEEDS_SECRET, final: true };
  const own = secretsOf(parcel.sealed);
  if (own === null) return { ok: false, status: null, error: UNREADABLE, final: true };
  switch (parcel.kind) {
    case "slack":
      return http(own, own.url, slackBody(s));
    case "webhook": {
      const body = webhookBody(s);
      return http(own, own.url, body, {
        "interlock-signature": signature(own.secret ?? "", body),
        "interlock-delivery": s.deliveryId,
      });
    }
    case "pagerduty":
      return http(own, own.url ?? PAGERDUTY_URL, pagerdutyBody(s, own.routing_key ?? ""));
    case "email":
      return sendEmail(s, parcel.target.to);
    case null:
      return { ok: false, status: null, error: "The channel was deleted.", final: true };
  }
}

async function http(own: Secrets, url = "", body: string, headers: Record<string, string> = {}): Promise<Came> {
  try {
    const { status, headers: said, text } = await post(url, body, { timeoutMs: TIMEOUT_MS, headers });
    if (status >= 200 && status < 300) return { ok: true, status, error: null };
    const why = hidden(text.replace(/\s+/g, " ").trim(), own).slice(0, 200);
    const final = status < 500 && !PASSING.has(status);
    return { ok: false, status, error: `it answered ${status}${why === "" ? "" : `: ${why}`}`, final, ...after(said) };
  } catch (err) {
    const error = hidden((err as Error).message, own).slice(0, 300);
    return { ok: false, status: null, error, final: err instanceof PrivateAddress };
  }
}

/** Some servers repeat what they were sent. */
const hidden = (text: string, own: Secrets): string =>
  Object.values(own).reduce((out, secret) => (secret ? out.replaceAll(secret, "[hidden]") : out), text);

function after(headers: Headers): { retryAfterS?: number } {
  const said = headers.get("retry-after");
  if (said === null) return {};
  const s = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return Number.isFinite(s) ? { retryAfterS: Math.min(MAX_RETRY_AFTER_S, Math.max(0, s)) } : {};
}
