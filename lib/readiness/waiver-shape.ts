import type { WaiverShape } from "./schema";
import type { WaiverRow } from "./store";

export const waiverOut = (w: WaiverRow): WaiverShape => ({
  waiver_id: w.waiver_id,
  agent_id: w.agent_id,
  version: w.version === "" ? null : w.version,
  check: w.check_slug,
  reason: w.reason,
  until: w.until,
  by: w.by_name,
  at: w.created_at.toISOString(),
  state: w.revoked_at ? "revoked" : w.holds ? "holds" : "lapsed",
  revoked_at: w.revoked_at?.toISOString() ?? null,
  revoked_by: w.revoked_by_name,
  revoke_reason: w.revoke_reason,
});
