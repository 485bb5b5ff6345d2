import { createHmac, timingSafeEqual } from "node:crypto";
import { env } from "../platform/env";
import { Failure } from "../platform/errors";
import { slugById } from "../tenancy";

const DAYS = 30;
const sign = (body: string): string =>
  createHmac("sha256", `approval links ${env().NEXTAUTH_SECRET ?? ""}`)
    .update(body)
    .digest("base64url")
    .slice(0, 32);

/** A token for a message: it names the case, for 30 days, and cannot be made up. It signs nobody in. */
export function tokenFor(environmentId: string, approvalId: string, now = Date.now()): string {
  const until = Math.floor(now / 1000) + DAYS * 86_400;
  const body = Buffer.from(`${environmentId} ${approvalId} ${until}`).toString("base64url");
  return `${body}.${sign(body)}`;
}

/** @throws Failure `not_found` where the token is not ours, or its time is over */
export async function linkOf(token: string): Promise<{ approval_id: string; environment: string }> {
  const [body = "", signature = ""] = token.split(".");
  const expected = sign(body);
  const same = signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  const [environmentId = "", approvalId = "", until = "0"] = Buffer.from(body, "base64url").toString("utf8").split(" ");
  if (!same || Number(until) * 1000 < Date.now()) throw new Failure("not_found", "This link is not valid any more.");
  return { approval_id: approvalId, environment: await slugById(environmentId) };
}
