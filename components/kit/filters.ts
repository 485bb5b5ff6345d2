/** A filter's value is one string, the same as in the URL. Several choices: "a,b". A range: "1..5", "1..", "..5". A time: "24h" or a range of ISO times. */
export type FilterValues = Record<string, string | null | undefined>;

export type FilterField = {
  key: string;
  label: string;
  kind: "select" | "text" | "number" | "time";
  options?: { value: string; label: string }[];
  /** One choice only. */
  single?: boolean;
  /** Before a number: "$". */
  prefix?: string;
  /** After a number: "s". */
  unit?: string;
};

export const TIME_PRESETS = [
  { value: "1h", label: "last hour" },
  { value: "24h", label: "last 24 h" },
  { value: "7d", label: "last 7 days" },
  { value: "30d", label: "last 30 days" },
] as const;

export function parseRange(value: string | null | undefined): { min?: string; max?: string } {
  if (!value) return {};
  const [min, max] = value.split("..");
  return { min: min || undefined, max: max || undefined };
}

export function formatRange(min: string | number | undefined, max: string | number | undefined): string | null {
  const [from, to] = [min ?? "", max ?? ""].map(String);
  return from || to ? `${from}..${to}` : null;
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** From and to of a time filter, as ISO strings; "24h" counts back from `now`. */
export function parseTime(value: string | null | undefined, now: number): { from?: string; to?: string } {
  const preset = value?.match(/^(\d+)([mhd])$/);
  if (preset) {
    const unit = UNITS[preset[2] as keyof typeof UNITS];
    return { from: new Date(now - Number(preset[1]) * unit).toISOString() };
  }
  const { min, max } = parseRange(value);
  return { from: min, to: max };
}

const short = (iso: string) => iso.slice(0, 16).replace("T", " ");

/** What a chip says: "≥ $0.01", "last 24 h", "failed or lost". */
export function filterWords(field: FilterField, value: string): string {
  switch (field.kind) {
    case "text":
      return value;
    case "select": {
      const chosen = value
        .split(",")
        .map((each) => field.options?.find((option) => option.value === each)?.label ?? each);
      return chosen.length > 3 ? `${chosen.slice(0, 2).join(", ")} or ${chosen.length - 2} more` : chosen.join(" or ");
    }
    case "number": {
      const { min, max } = parseRange(value);
      const say = (n: string) => `${field.prefix ?? ""}${n}${field.unit ? ` ${field.unit}` : ""}`;
      if (min && max) return `${say(min)} to ${say(max)}`;
      return min ? `≥ ${say(min)}` : `≤ ${say(max ?? "")}`;
    }
    case "time": {
      const preset = TIME_PRESETS.find((each) => each.value === value);
      if (preset) return preset.label;
      const { min, max } = parseRange(value);
      if (min && max) return `${short(min)} to ${short(max)}`;
      if (max) return `until ${short(max)}`;
      return min?.includes("T") ? `since ${short(min)}` : `last ${value}`;
    }
  }
}
