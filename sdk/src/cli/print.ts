/** Rows under heads, as wide as they need to be. */
export function table(heads: string[], rows: (string | number | null | undefined)[][]): string {
  const all = [
    heads,
    ...rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? "–" : String(cell)))),
  ];
  const widths = heads.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export const money = (usd: unknown): string => (typeof usd === "number" ? `$${usd.toFixed(usd < 1 ? 4 : 2)}` : "–");
export const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;
/** How long ago, in the largest unit that is not zero. */
export function ago(at: unknown, now = Date.now()): string {
  const s = Math.max(0, Math.round((now - Date.parse(String(at))) / 1_000));
  if (Number.isNaN(s)) return "–";
  if (s < 90) return `${s} s ago`;
  if (s < 5_400) return `${Math.round(s / 60)} min ago`;
  if (s < 129_600) return `${Math.round(s / 3_600)} h ago`;
  return `${Math.round(s / 86_400)} d ago`;
}
