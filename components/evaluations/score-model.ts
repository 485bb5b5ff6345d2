import type { SummaryShape } from "@/lib/evaluations/schema";

export type Day = SummaryShape["days"][number];
export type Threshold = { value: number; from: string };

/** The versions that were scored last, at most three, the newest last. */
export function versionsOf(days: readonly Day[]): (string | null)[] {
  const last = new Map<string | null, string>();
  for (const d of days) if ((last.get(d.agent_version) ?? "") < d.day) last.set(d.agent_version, d.day);
  return [...last]
    .sort(
      ([a, x], [b, y]) => x.localeCompare(y) || String(a ?? "").localeCompare(String(b ?? ""), "en", { numeric: true }),
    )
    .slice(-3)
    .map(([version]) => version);
}

/** `*` stands for anything, as in every pattern. */
const means = (pattern: string | null, agentId: string): boolean =>
  pattern === null ||
  new RegExp(
    `^${pattern
      .split("*")
      .map((p) => p.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  ).test(agentId);

/** What a policy says of this name, else the strictest rule over the lowest score of a run. */
export function thresholdOf(
  name: string,
  agentId: string,
  { thresholds }: Pick<SummaryShape, "thresholds">,
  output: Record<string, number>,
): Threshold | null {
  const said = output[name];
  if (said !== undefined) return { value: said, from: "policy" };
  const rules = thresholds.filter((t) => means(t.agent_id, agentId));
  const strictest = rules.reduce<(typeof rules)[number] | null>(
    (a, b) => (a && a.threshold >= b.threshold ? a : b),
    null,
  );
  return strictest && { value: strictest.threshold, from: `rule ${strictest.rule}` };
}

/** Keys `output.<name>` of the policy that holds for the agent. */
export const outputOf = (lines: readonly { key: string; value: unknown }[]): Record<string, number> =>
  Object.fromEntries(
    lines.flatMap(({ key, value }) =>
      key.startsWith("output.") && typeof value === "number" ? [[key.slice("output.".length), value]] : [],
    ),
  );

const DAY = 86_400_000;
export const dayMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);
/** What the chart spans: the days with data, and the whole window where there is more than a week of it. */
export function spanOf(days: readonly Day[], from: string, to: string): { from: number; to: number } {
  const first = Math.min(...days.map((d) => dayMs(d.day)));
  const end = Math.floor(Date.parse(to) / DAY) * DAY;
  const begin = Math.max(Math.floor(Date.parse(from) / DAY) * DAY, Math.min(first, end - 6 * DAY));
  return { from: begin, to: Math.max(end, begin + DAY) };
}
