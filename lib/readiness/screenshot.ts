import { createHash } from "node:crypto";
import { Failure, notFound } from "../platform/errors";
import { read, writeSql } from "../platform/verb";
import { nameOf, personId } from "./name";
import { getScreenshotInput, MAX_SCREENSHOT, screenshotInput } from "./schema";
import * as store from "./store";
import { screenshotOut, targetsNow } from "./target-shape";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const begins = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((b, n) => bytes[n] === b);

/** What its first bytes say it is; what the sender calls it counts for nothing. */
export function imageType(bytes: Uint8Array): "image/png" | "image/jpeg" | null {
  if (begins(bytes, PNG)) return "image/png";
  return begins(bytes, JPEG) ? "image/jpeg" : null;
}

/**
 * A person's picture of the target list, kept with its date, its hash and our own list as it stands now.
 * @throws Failure `not_found` | `too_large` | `unsupported_media_type`
 */
export const putScreenshot = writeSql("target.screenshot", {
  needs: "readiness.write",
  input: screenshotInput,
  run: async ({ tx, ctx, input: { slug, bytes } }) => {
    const list = await targetsNow(tx, ctx.environmentId);
    const target = list.find((t) => t.slug === slug);
    if (!target) throw notFound("target");
    if (bytes.length > MAX_SCREENSHOT) throw new Failure("too_large", "A picture has at most 2 MB.");
    const contentType = imageType(bytes);
    if (!contentType) throw new Failure("unsupported_media_type", "Send the bytes of a PNG or JPEG picture.");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const row = await store.insertScreenshot(tx, ctx.environmentId, {
      slug,
      byId: personId(ctx),
      byName: nameOf(ctx),
      sha256,
      contentType,
      bytes,
      listed: list.map((t) => ({ slug: t.slug, name: t.name, url: t.url, state: t.state })),
    });
    const value = screenshotOut(row);
    return {
      value: { slug, ...value },
      audit: {
        target: { type: "target", id: slug },
        summary: `put a picture of the target list beside ${target.name}, sha256 ${sha256.slice(0, 12)}…`,
        after: { sha256, content_type: contentType, size: value.size },
      },
    };
  },
});

/** Its bytes as they came. @throws Failure `not_found` */
export const getScreenshot = read("target.get_screenshot", {
  needs: "readiness.read",
  input: getScreenshotInput,
  run: async ({ tx, ctx, input }) => {
    const found = await store.screenshotBytes(tx.sql, ctx.environmentId, input.slug, input.sha256 ?? null);
    if (!found) throw notFound("screenshot");
    return found;
  },
});
