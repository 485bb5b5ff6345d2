import type { AlertCounts } from "@/lib/alerts/schema";
import type { CountsShape } from "@/lib/approvals/schema";
import type { StateShape } from "@/lib/controls/schema";
import type { IncidentCounts } from "@/lib/incidents/schema";
import { counted } from "../kit/numbers";
import type { NavCount } from "../shell/shell";

/** What waits for somebody, beside the place where it is answered. */
export function countsOf(
  state: StateShape | undefined,
  approvals: CountsShape | undefined,
  alerts: AlertCounts | undefined,
  incidents: IncidentCounts | undefined,
): Partial<Record<string, NavCount>> {
  const counts: Partial<Record<string, NavCount>> = {};
  if (approvals && approvals.pending + approvals.reviews > 0) {
    const words = [
      approvals.pending > 0 && `${counted(approvals.pending, "approval")} waiting, ${approvals.mine} for you`,
      approvals.reviews > 0 && `${counted(approvals.reviews, "review")} of broken glass open`,
    ];
    counts.approvals = {
      n: approvals.pending + approvals.reviews,
      label: words.filter(Boolean).join(", "),
      tone: approvals.reviews > 0 ? "bad" : undefined,
    };
  }
  if (alerts && alerts.open > 0) {
    const severe = (alerts.by_severity.critical ?? 0) + (alerts.by_severity.high ?? 0);
    counts.alerts = {
      n: alerts.open,
      label: `${counted(alerts.open, "alert")} open${severe > 0 ? `, ${severe} high or critical` : ""}`,
      tone: severe > 0 ? "bad" : undefined,
    };
  }
  const standing = incidents ? incidents.open + incidents.mitigated : 0;
  if (standing > 0) counts.incidents = { n: standing, label: `${counted(standing, "incident")} open` };
  if (state && state.switches.length > 0)
    counts.controls = {
      n: state.switches.length,
      label: counted(state.switches.length, "active switch", "active switches"),
    };
  return counts;
}
