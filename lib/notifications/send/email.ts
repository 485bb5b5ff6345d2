import { env } from "../../platform/env";
import type { Came } from "./came";
import { origin, type Saying, SEVERITY_WORD } from "./say";

export const NO_SMTP = "No mail server is set: INTERLOCK_SMTP_URL.";
const TIMEOUT_MS = 10_000;

const textOf = (s: Saying): string =>
  [
    s.text,
    s.facts.map((f) => `${f.label}: ${f.value}`).join("\n"),
    `${s.act}: ${s.url}`,
    `${SEVERITY_WORD[s.severity]}, ${s.topic}, environment ${s.environment}. Sent by Interlock, ${s.deliveryId}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");

type Refused = Error & { responseCode?: number; response?: string; code?: string };

/** One letter to all of them. A mail server's 5xx to a recipient is final, as a 4xx of HTTP is. */
export async function sendEmail(s: Saying, to: string[]): Promise<Came> {
  const { INTERLOCK_SMTP_URL: url, INTERLOCK_MAIL_FROM: from } = env();
  if (!url) return { ok: false, status: null, error: NO_SMTP, final: false };
  const { createTransport } = await import("nodemailer");
  const host = new URL(origin()).hostname;
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const told = await transport.sendMail({
      from: from ?? `Interlock <interlock@${host}>`,
      to,
      subject: `[${SEVERITY_WORD[s.severity]}] ${s.title}${s.event === "resolved" ? " (resolved)" : ""}`,
      text: textOf(s),
      messageId: `<${s.deliveryId}@${host}>`,
      headers: { "X-Interlock-Delivery": s.deliveryId, "Auto-Submitted": "auto-generated" },
    });
    const refused = told.rejected.map(String);
    const status = Number.parseInt(told.response, 10);
    return {
      ok: true,
      status: Number.isNaN(status) ? null : status,
      error: refused.length > 0 ? `refused for ${refused.join(", ")}` : null,
    };
  } catch (err) {
    const { responseCode, response, message, code } = err as Refused;
    const final = responseCode !== undefined && responseCode >= 500 && code === "EENVELOPE";
    return { ok: false, status: responseCode ?? null, error: (response ?? message).slice(0, 300), final };
  } finally {
    transport.close();
  }
}
