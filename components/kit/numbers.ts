const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const NONE = "–";

type Maybe = number | null | undefined;
const missing = (n: Maybe): n is null | undefined => n === null || n === undefined || !Number.isFinite(n);

/** 8305 → "8,305"; nothing → "–". */
export function integer(n: Maybe): string {
  return missing(n) ? NONE : WHOLE.format(n);
}

/** US dollars: two digits, four below $0.10 and on a single run. */
export function money(usd: Maybe, options: { run?: boolean } = {}): string {
  if (missing(usd)) return NONE;
  const size = Math.abs(usd);
  if (size > 0 && size < 0.00005) return usd < 0 ? ">−$0.0001" : "<$0.0001";
  const digits = size > 0 && (options.run || size < 0.1) ? 4 : 2;
  const text = size.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${usd < 0 ? "−" : ""}$${text}`;
}

/** Tokens and other large counts: "950", "9.1k", "159.8k", "1.91M", "2.40B". */
export function compact(n: Maybe): string {
  if (missing(n)) return NONE;
  const size = Math.abs(n);
  if (size < 1000) return WHOLE.format(n);
  if (size < 999_950) return `${(n / 1e3).toFixed(1)}k`;
  if (size < 999_995_000) return `${(n / 1e6).toFixed(2)}M`;
  return `${(n / 1e9).toFixed(2)}B`;
}

/** A fraction as "8.1 %"; one digit, none at 0 and 100. */
export function percent(fraction: Maybe): string {
  if (missing(fraction)) return NONE;
  const value = fraction * 100;
  return `${value === 0 || value === 100 ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** 1, "run" → "1 run"; 41, "run" → "41 runs". */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${WHOLE.format(n)} ${n === 1 ? noun : plural}`;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Seconds to words. Below a minute "22.1 s" ("40 ms" below 0.1 s); then "3:47" in tables, "3 m 47 s" in prose. */
export function duration(seconds: Maybe, form: "table" | "prose" = "table"): string {
  if (missing(seconds)) return NONE;
  const s = Math.max(0, seconds);
  if (s === 0) return "0 s";
  if (s < 0.0995) return `${Math.max(1, Math.round(s * 1000))} ms`;
  if (s < 59.95) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  const [h, m, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (form === "table") return h > 0 ? `${h}:${two(m)}:${two(rest)}` : `${m}:${two(rest)}`;
  const d = Math.floor(h / 24);
  if (d > 0) return `${d} d ${h % 24} h`;
  return h > 0 ? `${h} h ${two(m)} m` : `${m} m ${two(rest)} s`;
}

/** Keeps the start and the end of an id: "req_01k8…w7f2". */
export function shorten(id: string, head = 8, tail = 4): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** "20 Nov 2026 09:07:12.408 UTC". */
export function exactUtc(at: Date): string {
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""} ${at.getUTCFullYear()}`;
  return `${day} ${clockUtc(at)}.${String(at.getUTCMilliseconds()).padStart(3, "0")} UTC`;
}

/** "09:07:12". */
export function clockUtc(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** "09:07:12" today, "16 Nov 09:07" this year, "16 Nov 2025" before. */
export function shortUtc(at: Date, now: Date): string {
  if (at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10)) return clockUtc(at);
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ""}`;
  return at.getUTCFullYear() === now.getUTCFullYear()
    ? `${day} ${clockUtc(at).slice(0, 5)}`
    : `${day} ${at.getUTCFullYear()}`;
}

/** "2 s ago", "7 min ago", "3 h ago", "yesterday", "3 days ago", "in 8 s". */
export function relative(at: number, now: number): string {
  const gap = Math.round((now - at) / 1000);
  const s = Math.abs(gap);
  const say = (text: string) => (gap < 0 ? `in ${text}` : `${text} ago`);
  if (s === 0) return "now";
  if (s < 60) return say(`${s} s`);
  if (s < 3600) return say(`${Math.floor(s / 60)} min`);
  if (s < 86_400) return say(`${Math.floor(s / 3600)} h`);
  const days = Math.floor(s / 86_400);
  if (days === 1) return gap < 0 ? "tomorrow" : "yesterday";
  if (days < 60) return say(`${days} days`);
  return days < 730 ? say(`${Math.floor(days / 30)} months`) : say(`${Math.floor(days / 365)} years`);
}
