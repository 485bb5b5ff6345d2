import { parseAsStringLiteral } from "nuqs/server";

export const RANGE_IDS = ["1h", "24h", "7d", "30d"] as const;
export type RangeId = (typeof RANGE_IDS)[number];

/** `hours` is what /activity is asked for; its buckets follow from it. */
export const RANGES: Record<RangeId, { hours: number; label: string; words: string; bucket: string }> = {
  "1h": { hours: 1, label: "1 h", words: "1 h", bucket: "per 2.5 min" },
  "24h": { hours: 24, label: "24 h", words: "24 h", bucket: "per hour" },
  "7d": { hours: 168, label: "7 d", words: "7 days", bucket: "per 6 h" },
  "30d": { hours: 720, label: "30 d", words: "30 days", bucket: "per day" },
};

export const overviewParams = { range: parseAsStringLiteral(RANGE_IDS).withDefault("24h") };
