import type { CountsShape } from "@/lib/approvals/schema";
import type { StateShape } from "@/lib/controls/schema";
import { counted } from "../kit/numbers";
import type { NavCount } from "../shell/shell";

/** What waits for somebody, beside the place where it is answered. */
export function countsOf(
  state: StateShape | undefined,
  approvals: CountsShape | undefined,
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
  if (state && state.switches.length > 0)
    counts.controls = {
      n: state.switches.length,
      label: counted(state.switches.length, "active switch", "active switches"),
    };
  return counts;
}
