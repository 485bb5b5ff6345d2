import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** `mine` waits for me, `all` waits for anybody; the rest is over, or stands. */
export const APPROVAL_VIEWS = ["mine", "all", "decided", "grants"] as const;
export type ApprovalView = (typeof APPROVAL_VIEWS)[number];

export const approvalParams = {
  view: parseAsStringLiteral(APPROVAL_VIEWS).withDefault("mine"),
  grant: parseAsString,
};
export const loadApprovals = createLoader(approvalParams);
