import type { Sql } from "../../platform/db/pool";
import type { TargetState } from "../schema";

export type Listed = { slug: string; name: string; url: string; state: TargetState };
export type ScreenshotRow = {
  slug: string;
  at: Date;
  by_name: string;
  sha256: string;
  content_type: string;
  size: number;
  listed: Listed[];
  age_s: number;
};
const COLUMNS = `slug, at, by_name, sha256, content_type, length(bytes) as size, listed, extract(epoch from now() - at)::float8 as age_s`;

/** The newest of each target. */
export async function newestScreenshots(tx: Sql, environmentId: string): Promise<Map<string, ScreenshotRow>> {
  const { rows } = await tx.query<ScreenshotRow>(
    `select s.* from watched_targets t cross join lateral (
       select ${COLUMNS} from target_screenshots s where s.environment_id = $1 and s.slug = t.slug order by at desc limit 1) s
     where t.environment_id = $1`,
    [environmentId],
  );
  return new Map(rows.map((r) => [r.slug, r]));
}
export async function screenshotsOf(tx: Sql, environmentId: string, slug: string): Promise<ScreenshotRow[]> {
  const { rows } = await tx.query<ScreenshotRow>(
    `select ${COLUMNS} from target_screenshots where environment_id = $1 and slug = $2 order by at desc limit 20`,
    [environmentId, slug],
  );
  return rows;
}
export async function screenshotBytes(
  tx: Sql,
  environmentId: string,
  slug: string,
  sha256: string | null,
): Promise<{ bytes: Buffer; content_type: string; sha256: string } | null> {
  const { rows } = await tx.query<{ bytes: Buffer; content_type: string; sha256: string }>(
    `select bytes, content_type, sha256 from target_screenshots
     where environment_id = $1 and slug = $2 and ($3::text is null or sha256 = $3) order by at desc limit 1`,
    [environmentId, slug, sha256],
  );
  return rows[0] ?? null;
}

export type NewScreenshot = {
  slug: string;
  byId: string;
  byName: string;
  sha256: string;
  contentType: string;
  bytes: Uint8Array;
  listed: Listed[];
};
export async function insertScreenshot(tx: Sql, environmentId: string, s: NewScreenshot): Promise<ScreenshotRow> {
  const { rows } = await tx.query<ScreenshotRow>(
    `insert into target_screenshots (environment_id, slug, by_id, by_name, sha256, content_type, bytes, listed)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
    [environmentId, s.slug, s.byId, s.byName, s.sha256, s.contentType, Buffer.from(s.bytes), JSON.stringify(s.listed)],
  );
  const [row] = rows;
  if (!row) throw new Error("the screenshot was not written");
  return row;
}
