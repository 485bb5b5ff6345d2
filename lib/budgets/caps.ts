import { type Budget, counted, keyFor, type SoftThen, type Spend, SUM_OF, type Sum, type Who } from "./limits";

/** One limit on one sum: whose it is, and what it compares. Money in micro-dollars. */
export type Cap = {
  /** `policy support-triage` or `budget daily-usd`. */
  source: string;
  sum: Sum;
  amount: number;
  hard: boolean;
  softAt: number | null;
  softThen: SoftThen;
};

/** The caps that budgets put on each run of this caller. */
export const runCaps = (budgets: readonly Budget[], who: Who): Cap[] =>
  budgets.flatMap((b) => {
    const sum = SUM_OF[b.metric];
    if (b.window !== "run" || !sum || b.scopeKind === "tool" || b.scopeKind === "stage") return [];
    return keyFor(b, who, null, null) === null ? [] : [capOf(b, sum)];
  });

export const capOf = (b: Budget, sum: Sum): Cap => ({
  source: `budget ${b.slug}`,
  sum,
  amount: b.amount,
  hard: b.hard,
  softAt: b.softAt,
  softThen: b.softThen,
});

/** Is there no room for this much more? Spent, unsettled and held count alike. */
export const full = (cap: Cap, spend: Spend, more: number): boolean =>
  cap.hard && counted(spend, cap.sum) + more > cap.amount;

/** Has the soft limit been passed once this much more is booked? */
export const soft = (cap: Cap, spend: Spend, more: number): boolean =>
  cap.softAt !== null && counted(spend, cap.sum) + more >= cap.amount * cap.softAt;

const UNIT: Record<Sum, (n: number) => string> = {
  steps: (n) => `${n} steps`,
  toolCalls: (n) => `${n} tool calls`,
  tokens: (n) => `${n} tokens`,
  micros: (n) => `$${(n / 1e6).toFixed(n % 10_000 === 0 ? 2 : 6)}`,
};

/** An amount as it is stored, in words: `$4.02`, `12 steps`. */
export const say = (sum: string, n: number): string => {
  if (sum === "error_rate") return `${(n / 10_000).toFixed(1)} % of runs`;
  if (sum === "latency_p95_ms") return `${(n / 1000).toFixed(1)} s (p95)`;
  return sum in UNIT ? UNIT[sum as Sum](n) : `${n} ${sum}`;
};

/** One sentence for people: what is used, what was asked, and the cap. */
export function tell(cap: Cap, spend: Spend, more: number, of: string): string {
  const used = counted(spend, cap.sum);
  const say = UNIT[cap.sum];
  const asked = more > 0 ? `, ${say(more)} more asked` : "";
  return `${cap.source}: ${of} has used or holds ${say(used)}${asked}; the cap is ${say(cap.amount)}.`;
}
