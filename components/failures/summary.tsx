import type { Coverage } from "@/lib/failures/schema";
import { Figures } from "../kit/panel";

/** Six figures; those that need a look lead to what they count. */
export function Summary({ of, slug }: { of: Coverage; slug: string }) {
  const orphans = new Set(of.missing.filter((m) => m.what === "rule" || m.what === "owner").map((m) => m.failure)).size;
  const at = (query: string) => `/${slug}/failures?${query}`;
  const warn = (n: number) => (n > 0 ? ("warn" as const) : undefined);
  return (
    <Figures
      label="The inventory"
      items={[
        { label: "Entries", value: of.entries },
        { label: "Armed", value: of.states.armed + of.states.fired },
        { label: "Fired, last 7 days", value: of.fired_7d },
        {
          label: "Blind, no data arrives",
          value: of.states.blind,
          tone: warn(of.states.blind),
          href: at("view=blind"),
        },
        { label: "Without rule or owner", value: orphans, tone: warn(orphans), href: at("missing=rule,owner") },
        { label: "Categories with no entry", value: of.without_entry.length, href: at("tab=catalogue") },
      ]}
    />
  );
}
